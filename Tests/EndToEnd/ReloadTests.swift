import Linux
import Testing

extension EndToEndTests {
    /// `gatehouse reload`, while clients make changes.
    @Suite struct ReloadTests {
        @Test(arguments: ["on", "off"])
        func `twenty reloads under load lose no request and no change`(keepAlive: String) throws {
            var options = Instance.Options()
            options.nginx += ["--keepalive", keepAlive]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                for generation in 2...21 {
                    try load.goOn(for: 20)
                    let reload = try instance.attempt(["reload"])
                    #expect(reload.end == .exited(0), "\(reload.errors)")
                    #expect(reload.text.hasPrefix("generation \(generation) serves"))
                }
                try expectNothingLost(try load.stop(), instance, admin)
                try eventually("the old workers end") { try instance.workers().count == instance.options.workers }
                #expect(try instance.workers().allSatisfy { $0.generation == 21 && $0.phase == "ready" })
            }
        }

        @Test func `a reload takes the binary that was put in place of the old one`() throws {
            var options = Instance.Options()
            options.copiesProgram = true
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 50)
                try Command.succeed("cp", [instance.program, "\(instance.program).new"])
                try Command.succeed("mv", ["\(instance.program).new", instance.program])
                let reload = try instance.attempt(["reload"])
                #expect(reload.end == .exited(0), "\(reload.errors)")
                try load.goOn(for: 50)
                try expectNothingLost(try load.stop(), instance, admin)
                let workers = try instance.workers().filter { $0.generation == 2 }
                #expect(workers.count == options.workers)
                for worker in workers {
                    // The one that was replaced would be told as "(deleted)".
                    let binary = try Command.succeed("readlink", ["/proc/\(worker.pid)/exe"])
                    #expect(binary == "\(instance.program)\n")
                }
            }
        }

        @Test func `HUP reloads too`() throws {
            try Instance.run { instance in
                let before = Set(try instance.workers().map(\.pid))
                try instance.runningSupervisor().send(.hangUp)
                try eventually("new workers") {
                    let workers = try instance.workers()
                    return workers.count == before.count && before.isDisjoint(with: workers.map(\.pid))
                        && workers.allSatisfy { $0.phase == "ready" }
                }
            }
        }

        @Test func `a reload with a broken configuration changes nothing`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let before = try instance.workers()
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 2)
                let file = "\(instance.directory)/gatehouse.yaml"
                try Files.replace(file, with: Array("pool:\n  wrokers: 4\n".utf8), permissions: 0o644)
                let reload = try instance.attempt(["reload"])
                #expect(reload.end == .exited(1))
                #expect(reload.errors.contains("generation 1 serves on"))
                #expect(reload.errors.contains("wrokers"))
                #expect(reload.errors.contains("gatehouse.yaml:2"))
                #expect(try instance.workers() == before)
                #expect(try instance.attempt(["status"]).text.contains("the last reload failed"))
                try load.goOn(for: 20)
                try Files.replace(file, with: Array("pool:\n  threads: 4\n".utf8), permissions: 0o644)
                #expect(try instance.attempt(["reload"]).end == .exited(0))
                #expect(try instance.attempt(["status"]).text.contains("the last reload failed") == false)
                try load.goOn(for: 20)
                try expectNothingLost(try load.stop(), instance, admin)
            }
        }

        @Test func `a reload with a broken binary changes nothing`() throws {
            var options = Instance.Options()
            options.copiesProgram = true
            options.settings = ["GATEHOUSE_POOL_BOOT_TIMEOUT=3s"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let before = try instance.workers()
                let good = "\(instance.program).good"
                try Command.succeed("cp", [instance.program, good])
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 2)

                // The command is a process of its own, so it is run from the copy that is well.
                func reload() throws -> Command {
                    let arguments = ["reload", "--data", instance.directory]
                    return try Command.run(good, arguments, environment: options.settings)
                }
                func install(_ script: String) throws {
                    try Files.replace("\(instance.directory)/bin/script", with: Array(script.utf8), permissions: 0o644)
                    // The interpreter is told the script by its path: the descriptor of the binary is closed by then.
                    let line = "#!/usr/bin/env -S sh \(instance.directory)/bin/script\n"
                    try Files.replace(instance.program, with: Array(line.utf8), permissions: 0o755)
                }
                let broken = [
                    ("it exits with 1", "exit 1\n", "status 1"),
                    ("it is no program of ours", "echo hello\n", "configuration"),
                    ("its workers exit with 1", only(workers: "exit 1", else: good), "exited with status 1"),
                    ("its workers hang", only(workers: "exec sleep 60", else: good), "not ready"),
                    ("its check hangs", "exec sleep 60\n", "10 s"),
                ]
                for (what, script, reason) in broken {
                    try install(script)
                    let failed = try reload()
                    #expect(failed.end == .exited(1), "\(what)")
                    #expect(failed.errors.contains("generation 1 serves on"), "\(what)")
                    #expect(failed.errors.contains(reason), "\(what): \(failed.errors)")
                    let workers = try status(good, instance)
                    for worker in before {
                        #expect(workers.contains("pid \(worker.pid)  ready"), "\(what): \(workers)")
                    }
                    try load.goOn(for: 20)
                }

                try Command.succeed("rm", [instance.program])
                let missing = try reload()
                #expect(missing.end == .exited(1))
                #expect(missing.errors.contains("generation 1 serves on"))
                #expect(missing.errors.contains("No such file"), "\(missing.errors)")
                try load.goOn(for: 20)

                try Command.succeed("mv", ["-f", good, instance.program])
                let repaired = try instance.attempt(["reload"])
                #expect(repaired.end == .exited(0), "\(repaired.errors)")
                try load.goOn(for: 20)
                try expectNothingLost(try load.stop(), instance, admin)
            }
        }

        private func only(workers command: String, else program: String) -> String {
            // The first argument is the path by which the script was started.
            "shift\ncase $1 in worker) \(command) ;; *) exec \(program) \"$@\" ;; esac\n"
        }

        private func status(_ program: String, _ instance: Instance) throws -> String {
            try Command.succeed(program, ["status", "--data", instance.directory])
        }
    }
}

/// Expects that every request was answered well, and that each change which was acknowledged, and no other, is there.
func expectNothingLost(_ outcome: Load.Outcome, _ instance: Instance, _ admin: String) throws {
    #expect(outcome.refusals == [:])
    #expect(outcome.failures == [])
    #expect(Set(outcome.acknowledged).count == outcome.acknowledged.count)
    #expect(try instance.total(as: admin) == outcome.acknowledged.count + 1)
    #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
}
