import Database
import Synchronization
import Testing

/// What is told of commits, and when.
struct CommitObserverTests {
    private final class Observer: CommitObserver {
        let told = Mutex<[CommittedChanges]>([])
        func committed(_ changes: CommittedChanges) { told.withLock { $0.append(changes) } }
        var last: CommittedChanges? { told.withLock { $0.last } }
        var count: Int { told.withLock { $0.count } }
    }

    private static let rename = StatementDefinition(
        "notes.rename",
        writes: ["notes"],
        rows: ["notes": 2],
        sql: "UPDATE notes SET text = ?1 WHERE id = ?2"
    )

    private let scratch: ScratchDatabase
    private let session: DatabaseSession
    private let observer = Observer()

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        session = try DatabaseSession(
            DatabaseOptions(path: scratch.path, observer: observer),
            registry: try StatementRegistry(Notes.statements + [Self.rename])
        )
    }

    @Test func `a commit tells tables and rows once each, found or not`() throws {
        try session.write { transaction in
            try transaction.execute(Notes.insert, "one", nil as Int?)
            try transaction.execute(Self.rename, "two", 1)
            try transaction.execute(Self.rename, "three", 1)
            try transaction.execute(Self.rename, "four", 99)
            #expect(observer.count == 0)
        }
        let told = try #require(observer.last)
        #expect(observer.count == 1)
        #expect(told.tables == ["notes"])
        #expect(Set(told.rows.map(\.id)) == [.integer(1), .integer(99)])
    }

    @Test func `a commit is told after it can be seen by others`() throws {
        final class Reader: CommitObserver {
            let look: @Sendable () throws -> String
            let seen = Mutex("")
            init(_ look: @escaping @Sendable () throws -> String) { self.look = look }
            func committed(_ changes: CommittedChanges) {
                let value = try? look()
                seen.withLock { $0 = value ?? "nothing" }
            }
        }
        let path = scratch.path
        let reader = Reader { try ScratchDatabase.value("SELECT count(*) FROM notes", in: path) }
        let session = try DatabaseSession(
            DatabaseOptions(path: scratch.path, observer: reader),
            registry: try StatementRegistry(Notes.statements)
        )
        _ = try session.write { try $0.execute(Notes.insert, "one", nil as Int?) }
        #expect(reader.seen.withLock { $0 } == "1")
    }

    @Test func `what is rolled back or only read is not told`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try session.write { transaction in
                try transaction.execute(Notes.insert, "one", nil as Int?)
                throw Stop()
            }
        }
        _ = try session.read { try $0.noteCount() }
        _ = try session.write { try $0.noteCount() }
        #expect(observer.count == 0)
        _ = try session.write { try $0.execute(Self.rename, "two", 1) }
        #expect(observer.last?.rows.count == 1)
    }
}
