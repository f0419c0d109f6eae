package import Caching
package import Database

/// What the hosts that share a database on PostgreSQL tell each other of their commits; for the thread of its session.
///
/// Every commit of a ``commits(of:)`` leaves a row. The table is not in the server's log, as it is worth nothing after a
/// crash: who reads it notices, and everything becomes old.
package final class ChangeLog: InvalidationLog {
    /// With more changes at once it is cheaper to make everything old.
    private static let mostChanges = 1000
    /// So many rows are deleted at once.
    private static let mostPruned = 10_000
    /// Stands for all changes there are.
    private static let everything = "everything"

    /// For so long a row is kept after it has become visible, and mostly for up to twice as long.
    package static let life = Duration.seconds(120)

    private let session: DatabaseSession
    /// What was visible at the last look.
    private var visible: String?
    /// What is deleted next: what had ended before a look at this time.
    private var mark: (visible: String, instant: Int64)?

    /// Takes the session of this thread.
    package init(_ session: DatabaseSession) {
        self.session = session
    }

    /// What has every commit leave the rows and tables that caches depend on, as the statements declare it.
    package static let commits: CommitLog = {
        var tables: Set<String> = []
        for statement in Statements.onBoth {
            tables.formUnion(statement.rows.keys)
            if statement.isCacheable { tables.formUnion(statement.reads) }
        }
        return CommitLog(ChangeLogStatements.insert, of: tables)
    }()

    /// Has all hosts load everything anew: where something was changed that no statement has told of.
    package static func tellEverything(_ session: DatabaseSession) throws {
        guard session.dialect == .postgreSQL else { return }
        try session.write { try $0.submit(ChangeLogStatements.insert, everything) }
    }

    /// Calls out to all who ``makeListener(_:)`` that there is something to read; a hint, which may get lost.
    ///
    /// - Throws: `DatabaseError`.
    package static func callOut(_ text: String, _ session: DatabaseSession) throws {
        _ = try session.row(ChangeLogStatements.callOut, text) { _ in }
    }

    /// Hears what is called out; for one thread.
    package static func makeListener(_ database: PostgreSQLDatabase) -> NotificationListener {
        NotificationListener(database, channel: ChangeLogStatements.channel)
    }

    package func read(after place: InvalidationPlace?) throws -> InvalidationReading {
        var found: InvalidationPlace?
        var count = 0
        var tags: [CacheTag]? = []
        try session.forEachRow(ChangeLogStatements.read, place?.visible, Self.mostChanges + 1) { row in
            found = InvalidationPlace(origin: try row.string(0), visible: try row.string(1))
            guard let text = try row.optionalString(2) else { return }
            count += 1
            guard let changes = CommittedChanges(text: text), count <= Self.mostChanges else { return tags = nil }
            tags?.append(contentsOf: changes.tags)
        }
        guard let found else { throw StorageFault("the log of changes does not tell where it ends") }
        visible = found.visible
        return InvalidationReading(place: found, tags: tags)
    }

    /// Deletes what nobody needs any more, where the time for it has come.
    ///
    /// What had ended before a look is seen by whoever looks within ``life`` after it. Who does not has missed something,
    /// and knows.
    ///
    /// - Parameter instant: nanoseconds of a clock that goes on while the machine sleeps.
    /// - Throws: `DatabaseError`.
    package func prune(at instant: Int64) throws {
        guard let visible else { return }
        guard let due = mark else { return mark = (visible, instant) }
        guard instant - due.instant > Self.life.components.seconds * 1_000_000_000 else { return }
        let count = try session.write { try $0.execute(ChangeLogStatements.prune, due.visible, Self.mostPruned) }
        if count < Self.mostPruned { mark = (visible, instant) }
    }
}

extension CommittedChanges {
    /// What becomes old by them.
    var tags: [CacheTag] { tables.map { CacheTag($0) } + rows.map { .row($0.table, $0.id) } }
}
