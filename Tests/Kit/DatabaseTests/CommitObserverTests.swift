import Database
import JSON
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

    @Test func `what a transaction has changed so far can be stored, read and told again`() throws {
        let stored = try session.write { transaction in
            try transaction.execute(Notes.insert, "one", nil as Int?)
            try transaction.execute(Self.rename, "two", 7)
            return transaction.changes.json
        }
        let changes = try #require(CommittedChanges(json: stored))
        #expect(changes.tables == ["notes"])
        #expect(changes.rows.map(\.id) == [.integer(7)])
        try session.write { $0.tellAgain(changes) }
        #expect(observer.count == 2)
        #expect(observer.last?.rows == changes.rows)
        // What is rolled back is not told, and not told later either.
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try session.write { transaction in
                transaction.tellAgain(changes)
                throw Stop()
            }
        }
        try session.write { _ in }
        #expect(observer.count == 2)
    }

    @Test(arguments: [
        DatabaseValue.null, .integer(-1), .real(0.5), .text("\u{E4}\""), .bytes([]), .bytes([0, 0x0F, 0xF0, 0xFF]),
    ])
    func `ids of every kind are stored`(id: DatabaseValue) throws {
        let statement = StatementDefinition(
            "notes.any",
            writes: ["notes"],
            rows: ["notes": 1],
            sql: "UPDATE notes SET text = text WHERE id IS ?1"
        )
        let session = try DatabaseSession(
            DatabaseOptions(path: scratch.path, observer: observer),
            registry: try StatementRegistry([statement])
        )
        let stored = try session.write { transaction in
            try transaction.execute(statement, id)
            return transaction.changes.json
        }
        #expect(CommittedChanges(json: stored)?.rows.map(\.id) == [id])
    }

    @Test func `what is no change is told`() {
        for json in [.null, ["tables": 1], ["tables": [1], "rows": []], ["tables": [], "rows": [["a"]]]] as [JSONValue]
        {
            #expect(CommittedChanges(json: json) == nil)
        }
        let odd: JSONValue = ["tables": [], "rows": [["a", ["x": "abc"]]]]
        #expect(CommittedChanges(json: odd) == nil)
    }
}
