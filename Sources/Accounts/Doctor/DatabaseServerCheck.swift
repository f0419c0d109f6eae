package import Database

/// Whether the server of the database answers, is one that this program works with, and has its schema and room for it.
package struct DatabaseServerCheck: Check {
    /// The oldest that the statements and the migrations are tested with.
    private static let oldestVersion = 15

    private let location: DatabaseLocation
    private let migrations: [Migration]
    private let neededVersion: Int
    private let mostConnections: Int
    private let migrateCommand: String

    /// Names the database and what this program needs of it.
    ///
    /// - Parameters:
    ///   - location: where it is.
    ///   - migrations: those that the program knows.
    ///   - neededVersion: the last without which it cannot work.
    ///   - mostConnections: how many connections the processes of the instance make.
    ///   - migrateCommand: what brings the schema up, for the remedy.
    package init(
        _ location: DatabaseLocation,
        migrations: [Migration],
        neededVersion: Int,
        mostConnections: Int,
        migrateCommand: String
    ) {
        self.location = location
        self.migrations = migrations
        self.neededVersion = neededVersion
        self.mostConnections = mostConnections
        self.migrateCommand = migrateCommand
    }

    package func run() -> [Finding] {
        do {
            let session = try DatabaseSession(location, registry: try StatementRegistry([]))
            let migrator = try Migrator(migrations, neededVersion: neededVersion)
            let version = try session.engineVersion()
            return [Self.version(version)]
                + SchemaFindings.of(try migrator.status(in: session), migrator, migrateCommand)
                + [Self.room(try session.connectionLimit() ?? 0, for: mostConnections)]
        } catch {
            return [
                .error(
                    "database",
                    "\(error)",
                    remedy:
                        "look whether the server runs, and whether database.host, name, user and password_file are right"
                )
            ]
        }
    }

    static func version(_ version: String) -> Finding {
        let number = version.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
        guard number < oldestVersion else { return .ok("database", "\(version) answers") }
        return .error(
            "database",
            "\(version) answers, which is too old",
            remedy: "use PostgreSQL \(oldestVersion) or later"
        )
    }

    static func room(_ limit: Int, for needed: Int) -> Finding {
        guard needed > limit else {
            return .ok("connections", "up to \(needed) of the \(limit) that the server takes from all its clients")
        }
        return .warning(
            "connections",
            "up to \(needed), and the server takes \(limit) from all its clients",
            remedy: "raise max_connections there, lower pool.workers or pool.threads, or put a pooler between"
        )
    }
}
