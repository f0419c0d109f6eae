import Linux
import Testing

extension EndToEndTests {
    /// Backups of an instance that serves.
    @Suite(.ofTheFile) struct BackupTests {
        @Test func `a backup under load restores every change that was acknowledged before it began`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let file = "\(instance.directory)/copy.db"
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 200)
                let before = load.progress
                try instance.command(["backup", file])
                try load.goOn(for: 50)
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                #expect(outcome.refusals == [:])

                let refusal = try instance.attempt(["restore", file])
                #expect(refusal.end == .exited(1))
                #expect(refusal.errors.contains("end it first"))
                #expect(try instance.total(as: admin) == outcome.acknowledged.count + 1)

                let supervisor = try instance.runningSupervisor()
                supervisor.send(.terminate)
                #expect(try supervisor.waitForEnd() == .exited(0))
                #expect(try instance.command(["restore", file, "--verify"]).contains("is a whole backup"))
                #expect(try instance.command(["restore", file]).contains("the database before is kept as"))
                try instance.serve()
                let restored = try instance.total(as: admin)
                #expect(restored > before)
                #expect(restored <= outcome.acknowledged.count + 1)
                #expect(try instance.missing(of: Array(outcome.acknowledged.prefix(before)), as: admin) == [])
            }
        }

        @Test func `backups that are scheduled are made under load, are whole, and older ones go`() throws {
            var options = Instance.Options()
            options.settings = [
                "GATEHOUSE_MAINTENANCE_BACKUP_INTERVAL=1s", "GATEHOUSE_MAINTENANCE_BACKUP_KEEP=1",
            ]
            try Instance.run(options) { instance in
                let directory = "\(instance.directory)/backups"
                func backups() throws -> [String] {
                    Files.exists(directory)
                        ? try Files.names(inDirectory: directory).filter { $0.hasSuffix("Z.db") }.sorted() : []
                }
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 2)
                try load.goOn(for: 20)
                let before = load.progress
                let first = try backups()
                try eventually("a newer backup", within: 60) { try backups().last ?? "" > first.last ?? "" }
                let newest = try #require(try backups().last)
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                try eventually("older ones have gone") { try backups().count == 1 }
                let file = "\(directory)/\(try #require(try backups().last))"
                #expect(try instance.command(["restore", file, "--verify"]).contains("is a whole backup"))
                let count = try Command.succeed("sqlite3", ["-readonly", file, "SELECT count(*) FROM users"])
                #expect(Int(count.dropLast()) ?? 0 > before, "\(newest)")
                let log = String(decoding: try Files.read(instance.eventLog), as: UTF8.self)
                #expect(log.contains("\"message\":\"backed up\""))
                #expect(try instance.attempt(["doctor"]).text.contains("the newest backup is"))
            }
        }

        @Test func `a backup on its way is given up at a stop, and leaves no half file`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.settings = ["GATEHOUSE_MAINTENANCE_BACKUP_INTERVAL=1s"]
            try Instance.prepared(options) { instance in
                // Large enough to be met on its way, by a look every millisecond.
                try instance.sqlite(
                    "CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(200000000))"
                )
                try instance.serve()
                let directory = "\(instance.directory)/backups"
                func names() throws -> [String] {
                    Files.exists(directory) ? try Files.names(inDirectory: directory) : []
                }
                // Halted in the middle of the copy, so that the stop is sure to come then; else the next one is waited for.
                var stopped: Int32 = 0
                try eventually("a backup is met on its way", within: 120) {
                    guard let partial = try names().first(where: { $0.hasSuffix(".partial") }),
                        let process = Int32(partial.split(separator: ".").dropLast().last ?? "")
                    else { return false }
                    try Command.succeed("kill", ["-STOP", "\(process)"])
                    stopped = process
                    // Where all is there it is only synced, and then takes its name.
                    if let size = try? FileStatus(of: "\(directory)/\(partial)").size, size < 100_000_000 {
                        return true
                    }
                    try Command.succeed("kill", ["-CONT", "\(process)"])
                    return false
                }
                let whole = try names().filter { !$0.hasSuffix(".partial") }.sorted()
                let supervisor = try instance.runningSupervisor()
                supervisor.send(.terminate)
                try eventually("the maintenance process is told") {
                    let status = try instance.attempt(["status"])
                    return (status.text + status.errors).split(separator: "\n")
                        .contains { $0.hasPrefix("maintenance ") && $0.hasSuffix("draining") }
                }
                try Command.succeed("kill", ["-CONT", "\(stopped)"])
                #expect(try supervisor.waitForEnd() == .exited(0))
                #expect(try names().sorted() == whole)
                let log = String(decoding: try Files.read(instance.eventLog), as: UTF8.self)
                #expect(log.contains("a backup was given up, as this process ends"))
            }
        }

        @Test func `a file that is there is replaced only by force`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/copy.db"
                try instance.command(["backup", file])
                let again = try instance.attempt(["backup", file])
                #expect(again.end == .exited(3))
                #expect(again.errors.contains("--force"))
                try instance.command(["backup", file, "--force"])
            }
        }

        @Test func `a file that is no backup changes nothing`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/copy.db"
                try Files.replace(file, with: Array("no database at all".utf8), permissions: 0o600)
                let restore = try instance.attempt(["restore", file])
                #expect(restore.end == .exited(1))
                #expect(restore.errors.contains(file))
                #expect(try instance.sqlite("SELECT count(*) FROM users") == "1\n")
            }
        }
    }
}
