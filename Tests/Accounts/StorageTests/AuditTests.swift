import Consumers
import Database
import Domain
import Events
import Security
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// The audit in a database: whatever somebody does to a row is found.
@Suite struct AuditTests {
    private let database: ScratchDatabase
    private let unitOfWork: SQLUnitOfWork
    private let audit: AuditService

    init() throws {
        database = try ScratchDatabase()
        unitOfWork = SQLUnitOfWork(database.session)
        audit = AuditService(unitOfWork: unitOfWork, chain: AuditChain(hashing: SHA256AuditHashing()))
    }

    /// Six events of all kinds, in the chain.
    private func fill() throws {
        let origin = RequestOrigin(address: "192.0.2.7", requestID: "r1", traceparent: "00-aa-bb-01")
        try unitOfWork.tell(.userCreated(.fixture(1)), by: .user(.fixture(9), by: .key(.fixture(3))), from: origin)
        try unitOfWork.tell(.signedIn(.fixture(1), .fixture(2)), by: .user(.fixture(1), by: .session(.fixture(2))))
        try unitOfWork.tell(.userDisabled(.fixture(1)), .userDeleted(.fixture(1)))
        try unitOfWork.tell(.userEnabled(.fixture(2)), by: .anyone)
        try unitOfWork.tell(.userEnabled(.fixture(2)))
        try lay()
    }

    private func lay() throws {
        let relay = Relay(
            SQLOutbox(database.session),
            to: AuditConsumer(chain: AuditChain(hashing: SHA256AuditHashing())),
            now: { 0 }
        )
        while try relay.round() == .more {}
    }

    private func faults(expecting marks: [AuditMark] = []) throws -> [AuditFault] {
        var faults: [AuditFault] = []
        _ = try audit.verify(expecting: marks) { faults.append($0) }
        return faults
    }

    @Test func `what nobody touched is as it was written`() throws {
        try fill()
        try unitOfWork.tell(.userEnabled(.fixture(3)))
        var faults: [AuditFault] = []
        let report = try audit.verify { faults.append($0) }
        #expect(faults.isEmpty)
        #expect((report.count, report.pending, report.head.sequence) == (6, 1, 6))
        try lay()
        #expect(try audit.verify { faults.append($0) }.count == 7)
        #expect(faults.isEmpty)
        #expect(try self.faults(expecting: [report.head]).isEmpty)
    }

    /// A byte of each column of each row, flipped; the columns' lengths stay.
    @Test func `any byte of any row that is changed is found`() throws {
        let texts = ["type", "actor", "credential", "address", "request_id", "traceparent", "data"]
        let blobs = ["id", "subject", "actor_id", "credential_id"]
        let template = try AuditTests()
        try template.fill()
        for sequence in 1...6 {
            for (table, columns) in [
                ("events", texts.map { ($0, true) } + blobs.map { ($0, false) }),
                ("audit_chain", [("type", true), ("subject", false), ("actor_id", false), ("hash", false)]),
            ] {
                for (column, isText) in columns {
                    try expectFlipsFound(template, table, column, isText: isText, sequence)
                }
            }
        }
    }

    private func expectFlipsFound(
        _ test: AuditTests,
        _ table: String,
        _ column: String,
        isText: Bool,
        _ sequence: Int
    ) throws {
        let read = StatementDefinition(
            "test.read",
            reads: [table],
            sql: "SELECT CAST(\(column) AS BLOB) FROM \(table) WHERE sequence = \(sequence) AND \(column) IS NOT NULL"
        )
        let write = StatementDefinition(
            "test.write",
            writes: [table],
            sql: "UPDATE \(table) SET \(column) = \(isText ? "CAST(?1 AS TEXT)" : "?1") WHERE sequence = \(sequence)"
        )
        let session = try test.loose(read, write)
        guard let value = try session.row(read, read: { try $0.bytes(0) }) else { return }
        for index in value.indices {
            var flipped = value
            flipped[index] ^= 1
            _ = try session.write { try $0.execute(write, flipped) }
            #expect(try !test.faults().isEmpty, "\(table).\(column), byte \(index) of row \(sequence)")
        }
        _ = try session.write { try $0.execute(write, value) }
        #expect(try test.faults().isEmpty, "\(table).\(column) is as it was")
    }

    /// A session that no rule of the schema holds back.
    private func loose(_ statements: StatementDefinition...) throws -> DatabaseSession {
        try dropRules()
        return try DatabaseSession(database.options, registry: try StatementRegistry(statements))
    }

    private func dropRules() throws {
        let drop = Migration(
            id: 900,
            name: "drop the rules",
            up: [
                "DROP TRIGGER IF EXISTS events_are_not_changed",
                "CREATE TABLE loose (\(Self.columns)) STRICT",
                "INSERT INTO loose SELECT * FROM events",
                "DROP TABLE events",
                "ALTER TABLE loose RENAME TO events",
            ],
            irreversible: "a test"
        )
        _ = try Migrator(Schema.migrations + [drop]).up(in: database.session)
    }

    private static let columns = """
        sequence INTEGER NOT NULL PRIMARY KEY, id BLOB, type TEXT, occurred_at INTEGER, subject BLOB, actor TEXT,
        actor_id BLOB, credential TEXT, credential_id BLOB, address TEXT, request_id TEXT, traceparent TEXT, data TEXT
        """

    @Test(arguments: [
        "UPDATE events SET occurred_at = occurred_at + 1 WHERE sequence = 3",
        "UPDATE events SET traceparent = NULL WHERE sequence = 1",
        "UPDATE events SET actor_id = NULL WHERE sequence = 2",
        "DELETE FROM events WHERE sequence = 3", "DELETE FROM events WHERE sequence = 6",
        "DELETE FROM events WHERE sequence > 4", "DELETE FROM events WHERE sequence < 3",
        "DELETE FROM audit_chain WHERE sequence = 3", "UPDATE audit_anchor SET hash = randomblob(32)",
        "UPDATE audit_chain SET occurred_at = occurred_at + 1 WHERE sequence = 2",
    ])
    func `what is changed, missing or moved is found`(statement: String) throws {
        try fill()
        let change = StatementDefinition(
            "test.change",
            writes: ["events", "audit_chain", "audit_anchor"],
            sql: statement
        )
        let session = try loose(change)
        _ = try session.write { try $0.execute(change) }
        #expect(try !faults().isEmpty)
    }

    @Test func `rows that change places, and an end that was cut off with its chain, are found`() throws {
        try fill()
        let moves = [
            "UPDATE events SET sequence = 100 WHERE sequence = 3", "UPDATE events SET sequence = 3 WHERE sequence = 4",
            "UPDATE events SET sequence = 4 WHERE sequence = 100",
        ].enumerated().map { StatementDefinition("test.\($0)", writes: ["events"], sql: $1) }
        let session = try loose(moves[0], moves[1], moves[2])
        try session.write { transaction in for move in moves { try transaction.execute(move) } }
        #expect(try faults() == [.changed(3), .changed(4)])

        let other = try AuditTests()
        try other.fill()
        let cuts = ["events", "audit_chain"].map {
            StatementDefinition("test.\($0)", writes: [$0], sql: "DELETE FROM \($0) WHERE sequence = 6")
        }
        let cutting = try other.loose(cuts[0], cuts[1])
        try cutting.write { transaction in for cut in cuts { try transaction.execute(cut) } }
        #expect(try other.faults() == [.missing(6)])
    }

    @Test func `a chain that was made anew is found by who has noted a mark of it`() throws {
        try fill()
        let noted = try unitOfWork.read { try $0.audit.head() }
        let change = StatementDefinition("test.change", writes: ["events"], sql: "UPDATE events SET data = '{\"x\":1}'")
        let forget = StatementDefinition("test.forget", writes: ["audit_chain"], sql: "DELETE FROM audit_chain")
        let session = try loose(change, forget)
        try session.write { transaction in
            try transaction.execute(change)
            try transaction.execute(forget)
        }
        try unitOfWork.perform { transaction in
            try AuditChain(hashing: SHA256AuditHashing()).extend(to: 6, in: transaction)
        }
        #expect(try faults().isEmpty)
        #expect(try faults(expecting: [noted]) == [.otherMark(6)])
        let beyond = AuditMark(sequence: 7, hash: noted.hash)
        #expect(try faults(expecting: [beyond]) == [.otherMark(7)])
    }

    @Test func `what is left after its time is held by the anchor`() throws {
        for number in 1...4 {
            try unitOfWork.tell(.userEnabled(.fixture(1)), at: Timestamp.t0.adding(seconds: Int64(number)))
        }
        try lay()
        #expect(try audit.deleteExpired(before: Timestamp.t0.adding(seconds: 3)) == false)
        #expect(try unitOfWork.read { try $0.audit.anchor() }.sequence == 2)
        #expect(try faults().isEmpty)
        #expect(try audit.verify { _ in }.count == 2)
    }
}
