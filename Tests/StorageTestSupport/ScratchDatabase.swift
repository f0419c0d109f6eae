package import Database
internal import Storage
package import TestSupport

/// A database of a test's own, with the whole schema.
package struct ScratchDatabase {
    /// Where it lies; it goes with it.
    package let directory: ScratchDirectory
    /// The statements that may be run.
    package let registry: StatementRegistry
    /// How to open another session.
    package let options: DatabaseOptions
    /// A session for one thread.
    package let session: DatabaseSession

    /// Makes it; `observer` is told of commits.
    package init(observer: (any CommitObserver)? = nil) throws {
        directory = try ScratchDirectory()
        registry = try Statements.registry()
        // Nothing here is about power loss, and a sync costs milliseconds.
        options = DatabaseOptions(path: "\(directory.path)/test.db", durability: .processEnd, observer: observer)
        session = try DatabaseSession(options, registry: registry)
        _ = try Migrator(Schema.migrations).up(in: session)
    }
}
