internal import Database
internal import Storage

/// The schema that this program works with.
enum SchemaCheck {
    /// - Throws: a sentence that names the command which mends it.
    static func run(_ settings: Settings, _ registry: StatementRegistry) throws {
        let session = try DatabaseSession(settings.database, registry: registry)
        let found = try session.schemaVersion()
        if try fits(found, registry, session) { return }
        let migrator = try Schema.migrator()
        throw Failure(
            found > migrator.latestVersion
                ? "the database has schema \(found), with which this program for schema \(migrator.latestVersion) cannot "
                    + "work: run the newer program, or take the schema back with it (gatehouse migrate down)"
                : "the database has schema \(found) and this program needs \(migrator.neededVersion): run "
                    + settings.migrateCommand
        )
    }

    /// Whether this program can work with a schema of that version, which the session's database has.
    static func fits(_ found: Int, _ registry: StatementRegistry, _ session: DatabaseSession?) throws -> Bool {
        let migrator = try Schema.migrator()
        let known = migrator.neededVersion...migrator.latestVersion
        guard found > known.upperBound, let session else { return known.contains(found) }
        // The program before an upgrade serves on beside the one after it: a step that only adds does it no harm.
        return (try? registry.requireFit(in: session)) != nil
    }
}
