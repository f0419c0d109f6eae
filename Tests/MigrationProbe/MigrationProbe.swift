internal import Database
internal import Linux
internal import MigrationTestSupport
internal import PostgreSQL
internal import Synchronization

/// A migrator that kills itself on its way.
///
///     migration-probe STEPS up|down sqlite FILE
///     migration-probe STEPS up|down postgresql DIRECTORY PORT DATABASE USER
///
/// It takes `NoteMigrations` all up or all down, and counts a step at each event of which the migrator tells: before and
/// after each transaction, and within them after each statement. At the last one it kills itself with SIGKILL; with 0 steps
/// it never does.
@main
struct MigrationProbe {
    static func main() {
        do {
            try run(CommandLine.arguments)
        } catch {
            StandardError.writeLine("migration-probe: \(error)")
            ThisProcess.exitImmediately(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count > 4, let steps = Int(arguments[1]) else { ThisProcess.exitImmediately(64) }
        let registry = try StatementRegistry([])
        let session: DatabaseSession
        if arguments[3] == "postgresql" {
            guard arguments.count == 8, let port = Int(arguments[5]) else { ThisProcess.exitImmediately(64) }
            let options = ConnectionOptions(
                host: arguments[4],
                port: port,
                database: arguments[6],
                user: arguments[7],
                applicationName: "probe"
            )
            session = DatabaseSession(PostgreSQLDatabase(options), registry: registry)
        } else {
            let options = DatabaseOptions(path: arguments[4], durability: .processEnd)
            session = try DatabaseSession(options, registry: registry)
        }
        let migrator = try Migrator(NoteMigrations.all)
        var left = steps
        func count(_: MigrationEvent) {
            left -= 1
            if left == 0 { ChildProcess.send(.kill, to: ThisProcess.id) }
        }
        if arguments[2] == "down" {
            try migrator.down(to: 0, in: session, observe: count)
        } else {
            try migrator.up(in: session, observe: count)
        }
    }
}
