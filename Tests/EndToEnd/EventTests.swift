import JSON
import Linux
import LinuxTestSupport
import Testing

extension EndToEndTests {
    /// What happened reaches those who are told of it.
    @Suite struct EventTests {
        private static func options(_ home: DatabaseHome) throws -> Instance.Options {
            var options = home.options()
            options.workers = 1
            options.settings = ["GATEHOUSE_WEBHOOKS_PRIVATE_NETWORKS=127.0.0.0/8"]
            return options
        }

        @Test(arguments: DatabaseHome.allCases)
        func `events reach a webhook in order, whoever kills the process that tells them`(home: DatabaseHome) throws {
            try Instance.run(Self.options(home)) { instance in
                let receiver = try Receiver()
                let admin = try instance.signIn()
                try instance.createWebhook(at: receiver, as: admin)
                let user = try instance.createUser("told@example.com", as: admin)
                for kill in 0..<3 {
                    try Self.rename(user, 20, on: instance, as: admin)
                    let process = try instance.maintenanceProcess()
                    // In the middle of whatever it does: some of it is not settled yet.
                    try eventually("some are told", within: 300) { try receiver.told(of: user).count > kill * 10 }
                    ChildProcess.send(.kill, to: process)
                }
                try Self.rename(user, 20, on: instance, as: admin)
                try eventually("all are told", within: 300) { Set(try receiver.told(of: user)).count == 81 }
                var told: [String] = []
                for sequence in try receiver.told(of: user) where !told.contains(sequence) { told.append(sequence) }
                #expect(told == told.sorted())
                #expect(Set(try receiver.verdicts()) == ["good"])
                try eventually("the audit has come so far", within: 300) {
                    try instance.command(["audit", "verify"]).contains("mark ")
                        && !instance.command(["audit", "verify"]).contains("not in the chain")
                }
            }
        }

        @Test func `a webhook cannot reach what only the machine reaches, unless that is configured`() throws {
            try Instance.run(Instance.Options(workers: 1)) { instance in
                let receiver = try Receiver()
                let admin = try instance.signIn()
                let local = try instance.postWebhook("https://127.0.0.1:\(receiver.port)/", as: admin)
                #expect(local.status == 400, "\(local.text)")
                // What is no address to look at becomes the same one when it is connected to.
                let answer = try instance.postWebhook("https://127.1:\(receiver.port)/", as: admin)
                let id = try #require(try answer.json()["data"]?["id"]?.string)
                _ = try instance.createUser("told@example.com", as: admin)
                try eventually("it was tried", within: 300) {
                    let state = try instance.send(HTTPRequest("GET", "/api/v1/webhooks/\(id)", token: admin)).text
                    return state.contains("not permitted")
                }
            }
        }

        @Test func `a receiver that does not answer keeps no other one waiting`() throws {
            try Instance.run(Self.options(.file)) { instance in
                let (slow, fast) = (try Receiver(answers: false), try Receiver())
                let admin = try instance.signIn()
                for receiver in [slow, fast] { try instance.createWebhook(at: receiver, as: admin) }
                let user = try instance.createUser("told@example.com", as: admin)
                try eventually("the slow one has got something", within: 300) { try !slow.verdicts().isEmpty }
                try Self.rename(user, 20, on: instance, as: admin)
                try eventually("the fast one has got everything", within: 300) { try fast.told(of: user).count == 21 }
            }
        }

        private static func rename(_ id: String, _ times: Int, on instance: Instance, as token: String) throws {
            for number in 0..<times {
                let json = #"{"name":"Name \#(number)"}"#
                let answer = try instance.send(HTTPRequest("PATCH", "/api/v1/users/\(id)", token: token, json: json))
                #expect(answer.status == 200, "\(answer.text)")
            }
        }
    }
}
