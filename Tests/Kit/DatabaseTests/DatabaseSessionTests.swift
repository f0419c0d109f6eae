import Database
import Testing

struct DatabaseSessionTests {
    let scratch: ScratchDatabase
    let session: DatabaseSession

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        session = try scratch.session(Notes.statements)
    }

    @Test func `a row that was written is read`() throws {
        let changes = try session.write { transaction in
            try transaction.execute(Notes.insert, "first \0 \u{1F600}", nil as Int?)
        }
        #expect(changes == 1)
        let note = try session.row(Notes.byID, 1) { row in
            (text: try row.string(0), isFlagNull: row.isNull(1), flag: try row.optionalInt(1))
        }
        #expect(note?.text == "first \0 \u{1F600}")
        #expect(note?.isFlagNull == true)
        #expect(note?.flag == nil)
    }

    @Test func `no row is nil`() throws {
        #expect(try session.row(Notes.byID, 7) { row in try row.string(0) } == nil)
    }

    @Test func `every kind of value goes in and comes out`() throws {
        let echo = StatementDefinition("echo", sql: "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7")
        let session = try scratch.session([echo])
        let bytes: [UInt8] = [1, 2]
        try session.forEachRow(echo, 1, Int64.min, true, 2.5, "text", bytes, DatabaseValue.null) { row in
            let integers = [Int64(try row.int(0)), try row.int64(1), try row.bool(2) ? 1 : 0]
            #expect(integers == [1, .min, 1])
            let number = try row.double(3)
            #expect(number == 2.5)
            let texts = [try row.string(4), try row.withText(4) { String($0.count) }]
            #expect(texts == ["text", "4"])
            let blobs = [try row.bytes(5), try row.withBytes(5) { [$0[0], $0[1]] }]
            #expect(blobs == [bytes, bytes])
        }
    }

    @Test func `optional getters give nil for NULL and the value for a value`() throws {
        let echo = StatementDefinition("echo", sql: "SELECT ?1, ?2, ?3, ?4")
        let session = try scratch.session([echo])
        let nils = try session.row(echo, nil as Int?, nil as Double?, nil as String?, nil as [UInt8]?) { row in
            [
                try row.optionalInt64(0) == nil, try row.optionalDouble(1) == nil, try row.optionalString(2) == nil,
                try row.optionalBytes(3) == nil, row.isNull(0),
            ]
        }
        #expect(nils == Array(repeating: true, count: 5))
        let values = try session.row(echo, 1 as Int?, 2 as Double?, "3" as String?, [4] as [UInt8]?) { row in
            [
                try row.optionalInt64(0) == 1, try row.optionalDouble(1) == 2, try row.optionalString(2) == "3",
                try row.optionalBytes(3) == [4], !row.isNull(0),
            ]
        }
        #expect(values == Array(repeating: true, count: 5))
    }

    @Test func `a column of another type is an error`() throws {
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "x", 1) }
        let error = #expect(throws: DatabaseError.self) {
            try session.row(Notes.byID, 1) { row in try row.int(0) }
        }
        #expect(error?.diagnosis.statement == "notes.by_id")
    }

    @Test func `rows come in order`() throws {
        try session.write { transaction in
            for text in ["a", "b", "c"] { try transaction.execute(Notes.insert, text, 0) }
        }
        #expect(try session.rows(Notes.all) { row in try row.string(1) } == ["a", "b", "c"])
    }

    @Test func `RETURNING gives the row that was written`() throws {
        let ids = try session.write { transaction in
            [
                try transaction.row(Notes.insertReturning, "a") { row in try row.int(0) },
                try transaction.row(Notes.insertReturning, "b") { row in try row.int(0) },
            ]
        }
        #expect(ids == [1, 2])
    }

    @Test func `a closure that throws rolls back`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try session.write { transaction in
                try transaction.execute(Notes.insert, "lost", 0)
                throw Stop()
            }
        }
        #expect(try session.noteCount() == 0)
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "kept", 0) }
        #expect(try session.noteCount() == 1)
    }

    @Test func `a snapshot does not move while others write`() throws {
        let other = try scratch.session(Notes.statements)
        let counts = try session.read { reader in
            let before = try reader.noteCount()
            try other.write { transaction in _ = try transaction.execute(Notes.insert, "new", 0) }
            return [before, try reader.noteCount()]
        }
        #expect(counts == [0, 0])
        #expect(try session.noteCount() == 1)
    }

    @Test func `a write is repeated on a stale snapshot, a few times`() throws {
        let stale = DatabaseError.unavailable(.busy, DatabaseDiagnosis(code: "517", message: "", statement: ""))
        var runs = 0
        try session.write { transaction in
            runs += 1
            try transaction.execute(Notes.insert, "once", 0)
            if runs == 1 { throw stale }
        }
        #expect(runs == 2)
        #expect(try session.noteCount() == 1)
        runs = 0
        #expect(throws: DatabaseError.self) {
            try session.write { _ in
                runs += 1
                throw stale
            }
        }
        #expect(runs == 3)
    }

    @Test func `other errors are not repeated`() throws {
        var runs = 0
        #expect(throws: DatabaseError.self) {
            try session.write { transaction in
                runs += 1
                try transaction.execute(Notes.insert, nil as String?, 0)
            }
        }
        #expect(runs == 1)
    }

    @Test func `a transaction can go on after a constraint`() throws {
        try session.write { transaction in
            #expect(throws: DatabaseError.self) { try transaction.execute(Notes.insert, nil as String?, 0) }
            try transaction.execute(Notes.insert, "kept", 0)
        }
        #expect(try session.noteCount() == 1)
    }

    @Test func `statements are counted, transaction control is not`() throws {
        let before = session.statementCount
        try session.write { transaction in
            for _ in 0..<5 { try transaction.execute(Notes.insert, "x", 0) }
        }
        #expect(session.statementCount - before == 5)
        let read = session.statementCount
        _ = try session.rows(Notes.all) { row in try row.int(0) }
        #expect(session.statementCount - read == 1)
    }
}
