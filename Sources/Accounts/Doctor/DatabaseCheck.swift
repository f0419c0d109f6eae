package import Database
internal import Linux

/// Whether the database is there, whole, and at the schema of this program.
package struct DatabaseCheck: Check {
    private let options: DatabaseOptions
    private let migrations: [Migration]
    private let isThorough: Bool
    private let migrateCommand: String

    /// Names the database and what this program needs of it.
    ///
    /// - Parameters:
    ///   - options: where it is.
    ///   - migrations: those that the program knows.
    ///   - isThorough: whether each index is compared with its table too.
    ///   - migrateCommand: what brings the schema up, for the remedy.
    package init(_ options: DatabaseOptions, migrations: [Migration], isThorough: Bool, migrateCommand: String) {
        self.options = options
        self.migrations = migrations
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
            let migrator = try Migrator(migrations)
            return schema(try migrator.status(in: session), needed: migrator.latestVersion)
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

    func schema(_ status: [MigrationStatus], needed: Int) -> [Finding] {
        let pending = status.filter { $0.standing == .pending }.map(\.id)
        let edited = status.filter { $0.standing == .edited }.map(\.id)
        let unknown = status.filter { $0.standing == .unknown }.map(\.id)
        var findings: [Finding] = []
        if !pending.isEmpty {
            findings.append(
                .error(
                    "schema",
                    "migrations \(Self.list(pending)) are not applied yet",
                    remedy: "run \(migrateCommand)"
                )
            )
        }
        if !edited.isEmpty {
            findings.append(
                .error(
                    "schema",
                    "migrations \(Self.list(edited)) were changed in the program after they had been applied",
                    remedy: "install the release that this database was made by"
                )
            )
        }
        if !unknown.isEmpty {
            findings.append(
                .warning(
                    "schema",
                    "migrations \(Self.list(unknown)) are of a newer program",
                    remedy: "install the newer program, or let it take them back (migrate down)"
                )
            )
        }
        return findings.isEmpty ? [.ok("schema", "version \(needed), which this program needs")] : findings
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

    private static func list(_ ids: [Int]) -> String { ids.map { "\($0)" }.joined(separator: ", ") }
}
