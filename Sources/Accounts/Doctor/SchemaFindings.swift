internal import Database

/// What is found of the schema of a database.
enum SchemaFindings {
    /// Compares what was applied with what this program has.
    ///
    /// - Parameters:
    ///   - status: the migrations that either knows.
    ///   - migrator: what the program knows, and needs.
    ///   - migrateCommand: what brings the schema up, for the remedy.
    /// - Returns: one thing for each way in which they differ, or that they do not.
    static func of(_ status: [MigrationStatus], _ migrator: Migrator, _ migrateCommand: String) -> [Finding] {
        let open = status.filter { $0.standing == .pending || $0.standing == .underway }.map(\.id)
        let pending = open.filter { $0 <= migrator.neededVersion }
        let waiting = pending.isEmpty ? open : []
        let edited = status.filter { $0.standing == .edited }.map(\.id)
        let unknown = status.filter { $0.standing == .unknown }.map(\.id)
        var findings: [Finding] = []
        if !pending.isEmpty {
            findings.append(
                .error(
                    "schema",
                    "migrations \(list(pending)) are not applied yet",
                    remedy: "run \(migrateCommand)"
                )
            )
        }
        if !waiting.isEmpty {
            findings.append(
                .warning(
                    "schema",
                    "migrations \(list(waiting)) wait for the end of the program before",
                    remedy: "when none of its processes serves any more, run \(migrateCommand) --all"
                )
            )
        }
        if !edited.isEmpty {
            findings.append(
                .error(
                    "schema",
                    "migrations \(list(edited)) were changed in the program after they had been applied",
                    remedy: "install the release that this database was made by"
                )
            )
        }
        if !unknown.isEmpty {
            findings.append(
                .warning(
                    "schema",
                    "migrations \(list(unknown)) are of a newer program",
                    remedy: "install the newer program, or let it take them back (migrate down)"
                )
            )
        }
        return findings.isEmpty
            ? [.ok("schema", "version \(migrator.latestVersion), the newest that this program has")] : findings
    }

    private static func list(_ ids: [Int]) -> String { ids.map { "\($0)" }.joined(separator: ", ") }
}
