import Database
import Linux
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Synchronization
import Testing

struct PostgreSQLSessionTests {
    @Test func `every kind of value goes in and comes out`() throws {
        let echo = StatementDefinition(
            "echo",
            sql: "SELECT ?1::bigint, ?2::bigint, ?3::bigint, ?4::float8, ?5::text, ?6::bytea, ?7::text, '?1'"
        )
        let session = try PostgreSQLNotes([echo]).session
        let bytes: [UInt8] = [1, 2]
        let found = try session.row(echo, 1, Int64.min, true, 2.5, "text", bytes, DatabaseValue.null) { row in
            let integers = [Int64(try row.int(0)), try row.int64(1), try row.bool(2) ? 1 : 0]
            #expect(integers == [1, .min, 1])
            let number = try row.double(3)
            #expect(number == 2.5)
            let texts = [try row.string(4), try row.withText(4) { String($0.count) }, try row.string(7)]
            #expect(texts == ["text", "4", "?1"])
            let blobs = [try row.bytes(5), try row.withBytes(5) { [$0[0], $0[1]] }]
            #expect(blobs == [bytes, bytes])
            let isNull = row.isNull(6)
            #expect(isNull)
            return true
        }
        #expect(found == true)
    }

    @Test func `a transaction is made whole, or not at all`() throws {
        struct Interruption: Error {}
        let session = try PostgreSQLNotes().session
        let inside = try session.write { transaction in
            try transaction.submit(PostgreSQLNotes.insert, 1, "one", nil as Int?)
            return try transaction.row(PostgreSQLNotes.byID, 1) { try $0.string(0) }
        }
        #expect(inside == "one")
        #expect(throws: Interruption.self) {
            try session.write { transaction in
                try transaction.execute(PostgreSQLNotes.insert, 2, "two", nil as Int?)
                throw Interruption()
            }
        }
        #expect(throws: Interruption.self) {
            try session.write { transaction in
                try transaction.submit(PostgreSQLNotes.insert, 2, "two", nil as Int?)
                throw Interruption()
            }
        }
        #expect(try session.row(PostgreSQLNotes.count) { try $0.int(0) } == 1)
    }

    @Test func `what is submitted and refused fails the transaction, whatever comes behind`() throws {
        let session = try PostgreSQLNotes().session
        let error = try databaseError {
            try session.write { transaction in
                try transaction.submit(PostgreSQLNotes.insert, 1, "same", nil as Int?)
                try transaction.submit(PostgreSQLNotes.insert, 2, "same", nil as Int?)
                try transaction.submit(PostgreSQLNotes.insert, 3, "other", nil as Int?)
            }
        }
        guard case .constraint(.unique, name: "notes_text", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try session.row(PostgreSQLNotes.count) { try $0.int(0) } == 0)
    }

    @Test func `a transaction in which something has failed cannot be committed`() throws {
        let session = try PostgreSQLNotes().session
        let error = try databaseError {
            try session.write { transaction in
                try transaction.execute(PostgreSQLNotes.insert, 1, "one", nil as Int?)
                _ = try? transaction.execute(PostgreSQLNotes.insert, 1, "two", nil as Int?)
            }
        }
        guard case .misuse = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try session.row(PostgreSQLNotes.count) { try $0.int(0) } == 0)
    }

    @Test func `what is read in one transaction is of one moment`() throws {
        let notes = try PostgreSQLNotes()
        let other = try notes.place.another()
        let counts = try notes.session.read { reader in
            let before = try reader.row(PostgreSQLNotes.count) { try $0.int(0) }
            _ = try other.write { try $0.execute(PostgreSQLNotes.insert, 1, "one", nil as Int?) }
            return [before, try reader.row(PostgreSQLNotes.count) { try $0.int(0) }]
        }
        #expect(counts == [0, 0])
        #expect(try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } == 1)
    }

    @Test func `misuse is refused`() throws {
        let stranger = StatementDefinition("stranger", sql: "SELECT 1")
        let session = try PostgreSQLNotes().session
        var kept: DatabaseReader?
        try session.read { kept = $0 }
        let misuses: [() throws -> Void] = [
            { _ = try session.rows(stranger) { _ in } },
            { _ = try session.rows(PostgreSQLNotes.insert, 1, "one", nil as Int?) { _ in } },
            { _ = try session.rows(PostgreSQLNotes.byID) { _ in } },
            { _ = try kept?.rows(PostgreSQLNotes.count) { _ in } },
            { try session.read { _ in try session.read { _ in } } },
            { _ = try session.integrityFaults(thorough: false) },
        ]
        for misuse in misuses {
            guard case .misuse = try databaseError(misuse) else {
                Issue.record("it was not refused")
                continue
            }
        }
        #expect(try session.row(PostgreSQLNotes.count) { try $0.int(0) } == 0)
    }

    @Test func `constraints are told by kind and name`() throws {
        let session = try PostgreSQLNotes().session
        func refusal(_ id: Int?, _ text: String?) throws -> String? {
            let error = try databaseError {
                _ = try session.write { try $0.execute(PostgreSQLNotes.insert, id, text, nil as Int?) }
            }
            guard case .constraint(let kind, let name, _) = error else { return nil }
            return "\(kind) \(name)"
        }
        #expect(try refusal(1, "one") == nil)
        #expect(try refusal(1, "two") == "unique notes_pkey")
        #expect(try refusal(2, "one") == "unique notes_text")
        #expect(try refusal(2, nil) == "notNull notes.text")
    }

    @Test func `a transaction takes a round trip for what it reads and one for the rest`() throws {
        let notes = try PostgreSQLNotes()
        let session = notes.session
        func trips(_ work: () throws -> Void) throws -> Int {
            let before = session.roundTripCount
            try work()
            return session.roundTripCount - before
        }
        // The statements are prepared on the way.
        #expect(try trips { _ = try session.row(PostgreSQLNotes.count) { try $0.int(0) } } == 1)
        let change = try trips {
            try session.write { transaction in
                _ = try transaction.row(PostgreSQLNotes.byID, 1) { try $0.string(0) }
                try transaction.submit(PostgreSQLNotes.insert, 1, "one", nil as Int?)
                try transaction.submit(PostgreSQLNotes.insert, 2, "two", nil as Int?)
            }
        }
        #expect(change == 2)
        #expect(try trips { try session.write { _ in } } == 0)
        #expect(try trips { try session.read { _ in } } == 0)
    }

    @Test func `the observer learns of a change when it is made, and of nothing that is not`() throws {
        final class Log: CommitObserver {
            let changes = Mutex<[CommittedChanges]>([])
            func committed(_ changes: CommittedChanges) { self.changes.withLock { $0.append(changes) } }
        }
        let log = Log()
        let session = try PostgreSQLNotes(observer: log).session
        try session.write { try $0.submit(PostgreSQLNotes.insert, 7, "seven", nil as Int?) }
        let told = log.changes.withLock { $0 }
        #expect(told.map(\.tables) == [["notes"]])
        #expect(told.first?.rows.map(\.table) == ["notes"])
        #expect(told.first?.rows.map(\.id) == [.integer(7)])
        _ = try? session.write { transaction in
            try transaction.execute(PostgreSQLNotes.insert, 7, "eight", nil as Int?)
        }
        #expect(log.changes.withLock { $0.count } == 1)
    }

    @Test func `transactions that are in each other's way are run again, and none is lost`() throws {
        let notes = try PostgreSQLNotes()
        let place = notes.place
        _ = try notes.session.write { try $0.execute(PostgreSQLNotes.insert, 1, "counter", 0) }
        let made = Atomic(0)
        try onThreads(3) { _ in
            guard let session = try? place.another() else { return }
            for _ in 0..<20 {
                let result = Result {
                    try session.write { transaction in
                        let number = try transaction.row(PostgreSQLNotes.byID, 1) { try $0.int(1) } ?? 0
                        _ = try transaction.execute(PostgreSQLNotes.setFlag, 1, number + 1)
                    }
                }
                switch result {
                case .success: made.add(1, ordering: .relaxed)
                // On a busy machine they may meet again and again.
                case .failure(DatabaseError.unavailable(.busy, _)): continue
                case .failure(let error): Issue.record("\(error)")
                }
            }
        }
        #expect(made.load(ordering: .relaxed) > 0)
        let counter = try notes.session.row(PostgreSQLNotes.byID, 1) { try $0.int(1) }
        #expect(counter == made.load(ordering: .relaxed))
    }

    @Test func `a connection that was lost is not noticed by who only reads, or has committed nothing`() throws {
        let notes = try PostgreSQLNotes()
        #expect(try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } == 0)
        try notes.place.endConnections()
        #expect(try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } == 0)
        try notes.place.endConnections()
        #expect(try notes.session.read { try $0.row(PostgreSQLNotes.count) { try $0.int(0) } } == 0)
        try notes.place.endConnections()
        try notes.session.write { try $0.submit(PostgreSQLNotes.insert, 1, "one", nil as Int?) }
        var runs = 0
        try notes.session.write { transaction in
            runs += 1
            try transaction.execute(PostgreSQLNotes.insert, 2, "two", nil as Int?)
            if runs == 1 { try notes.place.endConnections() }
            try transaction.execute(PostgreSQLNotes.insert, 3, "three", nil as Int?)
        }
        #expect(runs == 2)
        #expect(try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } == 3)
    }

    @Test func `that a commit may have been made is told, where the connection is lost meanwhile`() throws {
        let notes = try PostgreSQLNotes()
        // The commit itself takes long.
        try notes.place.run(
            """
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'
            """
        )
        try notes.place.run(
            """
            CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION dawdle()
            """
        )
        let place = notes.place
        let thread = try Thread(name: "end") {
            try? eventually("it is being committed") {
                let running =
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                return try place.run(running).int64(0, 0) == 1
            }
            try? place.endConnections()
        }
        let error = try databaseError {
            try notes.session.write { transaction in
                _ = try transaction.row(PostgreSQLNotes.byID, 1) { try $0.string(0) }
                try transaction.submit(PostgreSQLNotes.insert, 1, "one", nil as Int?)
            }
        }
        thread.join()
        // Where the machine is so busy that the time limit of the statement comes first, it was cancelled.
        switch error {
        case .outcomeUnknown, .unavailable(.busy, _): break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func `a server that is away is told at once, and used again when it is back`() throws {
        let server = try ScratchServer()
        let notes = try PostgreSQLNotes(on: server)
        try server.stop()
        for _ in 0..<20 {
            let error = try databaseError { _ = try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                break
            }
        }
        try server.start()
        try eventually("it is used again") {
            try databaseError { _ = try notes.session.row(PostgreSQLNotes.count) { try $0.int(0) } } == nil
        }
    }

    @Test func `a plan is the one for any values, and nothing is run`() throws {
        let remove = StatementDefinition("notes.remove", writes: ["notes"], sql: "DELETE FROM notes WHERE id = ?1")
        let session = try PostgreSQLNotes([remove]).session
        _ = try session.write { try $0.execute(PostgreSQLNotes.insert, 1, "one", nil as Int?) }
        let plan = try session.plan(of: remove)
        #expect(plan.contains { $0.contains("(id = $1)") }, "\(plan)")
        #expect(try session.plan(of: PostgreSQLNotes.count).first?.hasPrefix("Aggregate") == true)
        #expect(try session.row(PostgreSQLNotes.count) { try $0.int(0) } == 1)
    }

    @Test func `a registry that does not fit the schema is found out`() throws {
        let session = try PostgreSQLNotes().session
        try StatementRegistry(PostgreSQLNotes.statements).requireFit(in: session)
        let stranger = StatementDefinition("notes.stranger", reads: ["notes"], sql: "SELECT colour FROM notes")
        let error = try databaseError {
            try StatementRegistry(PostgreSQLNotes.statements + [stranger]).requireFit(in: session)
        }
        #expect(error?.diagnosis.statement == "notes.stranger")
    }

    @Test func `the server tells its version and how many connections it takes`() throws {
        let session = try PostgreSQLNotes().session
        #expect(try session.engineVersion().hasPrefix("PostgreSQL 15"))
        #expect(try session.connectionLimit() == 80)
    }
}
