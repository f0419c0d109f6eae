import JSON
import Linux
import Testing

extension EndToEndTests {
    /// What `gatehouse doctor` says of instances that are well, and of those that are not.
    @Suite struct DoctorCommandTests {
        @Test(.ofTheFile) func `an instance that serves has no error`() throws {
            try Instance.run { instance in
                let command = try instance.attempt(["doctor"])
                #expect(command.end == .exited(0), "\(command.text)")
                for text in ["SQLite 3.", "libsodium", "generation 1 serves", "nginx -t accepts", "quick check"] {
                    #expect(command.text.contains(text), "\(text): \(command.text)")
                }
                // The certificate of the tests is good for two days.
                let findings = try findings(instance, ["--thorough"])
                #expect(findings.contains { $0 == ["certificate", "warning"] }, "\(findings)")
                #expect(!findings.contains { $0.last == "error" })
            }
        }

        @Test(.ofTheFile) func `what is wrong is told with what mends it, and the code is 1`() throws {
            try Instance.prepared { instance in
                try Command.succeed(
                    "\(Program.root)/scripts/nginx-site",
                    [
                        "--data", instance.directory, "--plain-listen", "unix:\(instance.plainSocket)",
                        "--socket", "\(instance.directory)/run/else.sock", "--read-timeout", "5s",
                    ]
                )
                try Files.setPermissions("\(instance.directory)/gatehouse.db", 0o644)
                try instance.command(["migrate", "down", "--steps", "9", "--yes"])
                let command = try instance.attempt(["doctor"])
                #expect(command.end == .exited(1))
                for text in [
                    "chmod 0600 \(instance.directory)/gatehouse.db",
                    "run gatehouse migrate up --data \(instance.directory)",
                    "else.sock", "fastcgi_read_timeout is 5s",
                    "start it with gatehouse serve --data \(instance.directory)",
                ] {
                    #expect(command.text.contains(text), "\(text): \(command.text)")
                }
            }
        }

        @Test func `a configuration that is wrong does not keep it from looking`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/gatehouse.yaml"
                try Files.replace(file, with: Array("pool:\n  threads: many\n".utf8), permissions: 0o644)
                let findings = try findings(instance)
                #expect(findings.contains(["settings", "error"]))
                #expect(findings.contains(["libraries", "ok"]))
            }
        }

        private func findings(_ instance: Instance, _ arguments: [String] = []) throws -> [[String]] {
            let document = try json(try instance.attempt(["doctor", "--json"] + arguments).text)
            return (document["findings"]?.elements ?? []).map { finding in
                ["subject", "severity"].map { finding[$0]?.string ?? "" }
            }
        }
    }
}
