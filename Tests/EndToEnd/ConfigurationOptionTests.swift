import Linux
import Testing

extension EndToEndTests {
    /// `--config FILE`: an instance whose configuration lies elsewhere, or that is named by it.
    @Suite struct ConfigurationOptionTests {
        private func run(_ instance: Instance, _ arguments: [String]) throws -> Command {
            try Command.run(instance.program, arguments, environment: instance.options.settings)
        }

        @Test func `a file in the directory of an instance names the instance`() throws {
            try Instance.run { instance in
                let file = "\(instance.directory)/gatehouse.yaml"
                if !Files.exists(file) { try Files.replace(file, with: [], permissions: 0o600) }
                #expect(try run(instance, ["status", "--config", file]).succeeded)
                let list = try run(instance, ["users", "list", "--json", "--config", file])
                #expect(list.succeeded)
                #expect(list.text.contains(Instance.administratorEmail))
            }
        }

        @Test func `a pool takes its configuration from the file that was named, and again at each reload`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/bin/elsewhere.yaml"
                try Files.replace(file, with: Array("pool:\n  workers: 1\n".utf8), permissions: 0o600)
                let options = ["--config", file, "--data", instance.directory]
                let pool = try RunningProcess(
                    instance.program,
                    ["serve"] + options,
                    environment: instance.options.settings,
                    log: instance.eventLog
                )
                defer { pool.stop(.interrupt) }
                try eventually("it serves") { try run(instance, ["status"] + options).succeeded }
                #expect(try instance.workers().count == 1)
                try Files.replace(file, with: Array("pool:\n  workers: 3\n".utf8), permissions: 0o600)
                #expect(try run(instance, ["reload"] + options).text == "generation 2 serves with 3 workers\n")
                try Files.replace(file, with: Array("pool:\n  workers: many\n".utf8), permissions: 0o600)
                let broken = try run(instance, ["reload"] + options)
                #expect(broken.end == .exited(1))
                #expect(broken.errors.contains("elsewhere.yaml"))
            }
        }

        @Test func `a file that is not there is named, though the directory's own may be missing`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/none.yaml"
                for arguments in [["config", "check"], ["serve"], ["users", "list"]] {
                    let command = try run(instance, arguments + ["--config", file])
                    #expect(command.end == .exited(78))
                    let sentence = "gatehouse: the configuration \(file) cannot be read: No such file or directory\n"
                    #expect(command.errors.hasSuffix(sentence))
                }
                #expect(try run(instance, ["config", "check", "--data", instance.directory]).succeeded)
            }
        }

        @Test func `neither of the two is a mistake of the command line`() throws {
            try Instance.prepared { instance in
                let command = try run(instance, ["status"])
                #expect(command.end == .exited(64))
                #expect(command.errors.contains("--data"))
            }
        }
    }
}
