package import Database
internal import Linux

/// Whether the database is there, whole, and at the schema of this program.
package struct DatabaseCheck: Check {
    private let options: DatabaseOptions
    private let migrations: [Migration]
    private let neededVersion: Int
    private let isThorough: Bool
    private let migrateCommand: String

    /// Names the database and what this program needs of it.
    ///
    /// - Parameters:
    ///   - options: where it is.
    ///   - migrations: those that the program knows.
    ///   - neededVersion: the last without which it cannot work.
    ///   - isThorough: whether each index is compared with its table too.
    ///   - migrateCommand: what brings the schema up, for the remedy.
    package init(
        _ options: DatabaseOptions,
        migrations: [Migration],
        neededVersion: Int,
        isThorough: Bool,
        migrateCommand: String
    ) {
        self.options = options
        self.migrations = migrations
        self.neededVersion = neededVersion
        self.isThorough = isThorough
        self.migrateCommand = migrateCommand
    }

    package func run() -> [Finding] {
        // Opening would make one.
        guard Files.exists(options.path) else {
            return [.error("database", "there is no database at \(options.path)", remedy: "run \(migrateCommand)")]
        }
        do {
            let session = try DatabaseSession(options, registry: try StatementRegistry([]))
            let migrator = try Migrator(migrations, neededVersion: neededVersion)
            return SchemaFindings.of(try migrator.status(in: session), migrator, migrateCommand)
                + integrity(try session.integrityFaults(thorough: isThorough))
        } catch {
            return [
                .error(
                    "database",
                    "\(error)",
                    remedy: "look whether the file can be read and written by its user; if it is damaged, "
                        + "restore the backup"
                )
            ]
        }
    }

    private func integrity(_ faults: [String]) -> [Finding] {
        let name = isThorough ? "integrity check" : "quick check"
        guard let first = faults.first else { return [.ok("database", "\(options.path) passes the \(name)")] }
        return [
            .error(
                "database",
                "\(options.path) fails the \(name) (\(first)\(faults.count > 1 ? ", and more" : ""))",
                remedy: "stop the pool, keep a copy of the three files, and restore the backup"
            )
        ]
    }
}
