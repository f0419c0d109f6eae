import Linux
import Testing

extension EndToEndTests {
    /// What a stopwatch tells of who has an account, from outside.
    @Suite struct SignInTimeTests {
        @Test func `a refused sign-in takes as long for every address, known or unknown`() throws {
            var options = Instance.Options()
            // The least that the settings allow, so that the test is short and everything else weighs more.
            options.settings = ["GATEHOUSE_PASSWORDS_MEMORY=7MiB", "GATEHOUSE_PASSWORDS_PASSES=1"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let password = "a password of Ada"
                _ = try instance.createUser("known@example.com", password: password, as: admin)
                _ = try instance.createUser("unset@example.com", as: admin)
                let disabled = try instance.createUser("ended@example.com", password: password, as: admin)
                let body = #"{"status":"disabled"}"#
                let response = try instance.send(
                    HTTPRequest("PATCH", "/api/users/\(disabled)", token: admin, json: body)
                )
                #expect(response.status == 200)

                let addresses = ["known", "other", "unset", "ended"].map { "\($0)@example.com" }
                let client = HTTPClient(instance.plainSocket)
                var times: [[Int64]] = addresses.map { _ in [] }
                // Each comes first as often as the others, so that whatever slows the machine down slows all of them.
                for round in 0..<200 {
                    for turn in addresses.indices {
                        let index = (round + turn) % addresses.count
                        let credentials = Instance.credentials(addresses[index], "a wrong password")
                        let start = SystemClock.monotonicNanoseconds()
                        let answer = try client.send(HTTPRequest("POST", "/api/v1/sessions", json: credentials))
                        times[index].append(SystemClock.monotonicNanoseconds() - start)
                        #expect(answer.status == 401)
                        #expect(answer.errorCode == "INVALID_CREDENTIALS")
                    }
                }
                // Medians, so that single delays do not count.
                let medians = times.map { $0.sorted()[100] }
                for (address, median) in zip(addresses, medians).dropFirst() {
                    let ratio = Double(median) / Double(medians[0])
                    // Without the decoy it is a tenth.
                    #expect(ratio > 0.8 && ratio < 1.25, "\(address): \(median) ns, a known one: \(medians[0]) ns")
                }
            }
        }
    }
}
