import JSON
import Linux
import LinuxTestSupport
import Testing

extension EndToEndTests {
    /// What happened reaches those who are told of it.
    @Suite struct EventTests {
        private static func options(_ home: DatabaseHome) throws -> Instance.Options {
            var options = try home.options()
            options.workers = 1
            options.settings = ["GATEHOUSE_WEBHOOKS_PRIVATE_NETWORKS=127.0.0.0/8"]
            return options
        }

        @Test(arguments: DatabaseHome.allCases)
        func `events reach a webhook in order, whoever kills the process that tells them`(home: DatabaseHome) throws {
            try Instance.run(Self.options(home)) { instance in
                let receiver = try Receiver()
                let admin = try instance.signIn()
                try Self.createWebhook(at: receiver, on: instance, as: admin)
                let user = try instance.createUser("told@example.com", as: admin)
                for kill in 0..<3 {
                    try Self.rename(user, 20, on: instance, as: admin)
                    let process = try Self.maintenance(of: instance)
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
                let local = try Self.postWebhook("https://127.0.0.1:\(receiver.port)/", on: instance, as: admin)
                #expect(local.status == 400, "\(local.text)")
                // What is no address to look at becomes the same one when it is connected to.
                let answer = try Self.postWebhook("https://127.1:\(receiver.port)/", on: instance, as: admin)
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
                for receiver in [slow, fast] { try Self.createWebhook(at: receiver, on: instance, as: admin) }
                let user = try instance.createUser("told@example.com", as: admin)
                try eventually("the slow one has got something", within: 300) { try !slow.verdicts().isEmpty }
                try Self.rename(user, 20, on: instance, as: admin)
                try eventually("the fast one has got everything", within: 300) { try fast.told(of: user).count == 21 }
            }
        }

        private static func createWebhook(
            at receiver: Receiver,
            on instance: Instance,
            as token: String
        ) throws {
            let answer = try postWebhook("http://127.0.0.1:\(receiver.port)/", on: instance, as: token)
            #expect(answer.status == 201, "\(answer.text)")
            try receiver.learn(secret: try #require(try answer.json()["data"]?["secret"]?.string))
        }

        private static func postWebhook(
            _ url: String,
            on instance: Instance,
            as token: String
        ) throws -> HTTPResponse {
            try instance.send(HTTPRequest("POST", "/api/v1/webhooks", token: token, json: #"{"url":"\#(url)"}"#))
        }

        private static func rename(_ id: String, _ times: Int, on instance: Instance, as token: String) throws {
            for number in 0..<times {
                let json = #"{"name":"Name \#(number)"}"#
                let answer = try instance.send(HTTPRequest("PATCH", "/api/v1/users/\(id)", token: token, json: json))
                #expect(answer.status == 200, "\(answer.text)")
            }
        }

        private static func maintenance(of instance: Instance) throws -> Int32 {
            var found: Int32?
            try eventually("a maintenance process is ready", within: 120) {
                let line = try instance.command(["status"]).split(separator: "\n").first {
                    $0.hasPrefix("maintenance ")
                }
                let words = (line ?? "").split(separator: " ")
                guard let index = words.firstIndex(of: "pid"), words.last == "ready" else { return false }
                found = Int32(words[index + 1])
                return found != nil
            }
            return try #require(found)
        }
    }
}

/// A receiver of webhooks that writes down what it gets, and checks it by itself: scripts/webhook-receiver.
private struct Receiver {
    private let directory: TemporaryDirectory
    private let server: LoopbackServer

    /// Starts one that does, or does not, answer.
    init(answers: Bool = true) throws {
        directory = try TemporaryDirectory()
        let (file, secret) = (directory.file("got"), directory.file("secret"))
        server = try LoopbackServer(
            "exec '\(Program.root)/scripts/webhook-receiver' '\(file)' --secret '\(secret)' \(answers ? "" : "--silent")",
            output: directory.file("errors")
        )
    }

    var port: UInt16 { server.port }

    /// What it checks messages by.
    func learn(secret: String) throws {
        try Files.replace(directory.file("secret"), with: Array(secret.utf8), permissions: 0o600)
    }

    /// What its own reckoning said of each message.
    func verdicts() throws -> [Substring] { try lines().map { $0.split(separator: " ", maxSplits: 2)[1] } }

    /// The places in the log of what was told of a user, in the order in which it came.
    func told(of user: String) throws -> [String] {
        try lines().compactMap { line in
            guard case .object(let event)? = try? JSONReader.read(Array(line.drop { $0 != "{" }.utf8)),
                event["subject"] == .string(user), case .string(let sequence)? = event["sequence"]
            else { return nil }
            return sequence
        }
    }

    /// The last one may not be whole yet.
    private func lines() throws -> [Substring] {
        let text = String(decoding: try Files.read(directory.file("got"), limit: 16 << 20), as: UTF8.self)
        return Array(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast())
    }
}
