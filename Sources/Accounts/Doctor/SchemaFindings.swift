internal import Database

/// What is found of the schema of a database.
enum SchemaFindings {
    /// Compares what was applied with what this program has.
    ///
    /// - Parameters:
    ///   - status: the migrations that either knows.
    ///   - needed: the newest that the program needs.
    ///   - migrateCommand: what brings the schema up, for the remedy.
    /// - Returns: one thing for each way in which they differ, or that they do not.
    static func of(_ status: [MigrationStatus], _ needed: Int, _ migrateCommand: String) -> [Finding] {
        let pending = status.filter { $0.standing == .pending }.map(\.id)
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
        return findings.isEmpty ? [.ok("schema", "version \(needed), which this program needs")] : findings
    }

    private static func list(_ ids: [Int]) -> String { ids.map { "\($0)" }.joined(separator: ", ") }
}
