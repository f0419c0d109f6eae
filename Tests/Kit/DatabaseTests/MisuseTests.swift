import Database
import Testing

struct MisuseTests {
    let scratch: ScratchDatabase
    let session: DatabaseSession

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        session = try scratch.session(Notes.statements)
    }

    private func expectMisuse(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) { try body() }
        guard case .misuse? = error else {
            Issue.record("not misuse: \(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
    }

    @Test func `a statement that is not registered is refused`() throws {
        let stranger = StatementDefinition("stranger", sql: "SELECT 1")
        expectMisuse { _ = try session.row(stranger) { row in try row.int(0) } }
    }

    @Test func `two statements with one id are refused`() {
        let twin = StatementDefinition("notes.count", sql: "SELECT 1")
        expectMisuse { _ = try StatementRegistry([Notes.count, twin]) }
    }

    @Test func `the number of values must be right`() throws {
        expectMisuse { _ = try session.row(Notes.byID) { row in try row.string(0) } }
        expectMisuse { _ = try session.row(Notes.byID, 1, 2) { row in try row.string(0) } }
        #expect(try session.row(Notes.byID, 1) { row in try row.string(0) } == nil)
    }

    @Test func `a statement that writes needs a write transaction`() throws {
        expectMisuse { _ = try session.row(Notes.insertReturning, "x") { row in try row.int(0) } }
        expectMisuse {
            _ = try session.read { reader in try reader.row(Notes.insertReturning, "x") { row in try row.int(0) } }
        }
        #expect(try session.noteCount() == 0)
    }

    @Test func `a transaction that has ended does nothing more`() throws {
        var escaped: DatabaseTransaction?
        try session.write { transaction in escaped = transaction }
        expectMisuse { _ = try escaped?.execute(Notes.insert, "late", 0) }
        var reader: DatabaseReader?
        try session.read { reader = $0 }
        expectMisuse { _ = try reader?.noteCount() }
    }

    @Test func `transactions do not nest`() throws {
        expectMisuse { try session.write { _ in try session.write { _ in } } }
        expectMisuse { try session.write { _ in try session.read { _ in } } }
        expectMisuse { try session.read { _ in try session.write { _ in } } }
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "x", 0) }
    }

    @Test func `a statement does not run inside itself`() throws {
        try session.write { transaction in
            for text in ["a", "b"] { try transaction.execute(Notes.insert, text, 0) }
        }
        expectMisuse {
            try session.forEachRow(Notes.all) { _ in try session.forEachRow(Notes.all) { _ in } }
        }
        var seen = 0
        try session.forEachRow(Notes.all) { row in
            seen += try session.row(Notes.byID, try row.int(0)) { _ in 1 } ?? 0
        }
        #expect(seen == 2)
    }
}
