import Database
import Storage
import TestSupport

/// A database of a test's own, with the whole schema.
struct ScratchDatabase {
    let directory: ScratchDirectory
    let registry: StatementRegistry
    let options: DatabaseOptions
    let session: DatabaseSession

    init(observer: (any CommitObserver)? = nil) throws {
        directory = try ScratchDirectory()
        registry = try Statements.registry()
        // Nothing here is about power loss, and a sync costs milliseconds.
        options = DatabaseOptions(path: "\(directory.path)/test.db", durability: .processEnd, observer: observer)
        session = try DatabaseSession(options, registry: registry)
        _ = try Migrator(Schema.migrations).up(in: session)
    }
}
