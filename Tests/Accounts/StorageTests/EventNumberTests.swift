import Consumers
import Database
import Domain
import Events
import LinuxTestSupport
import Security
import Services
import Storage
import Synchronization
import TestSupport
import Testing

/// The order of the log on PostgreSQL, where transactions that were begun in one order are committed in another.
@Suite struct EventNumberTests {
    private let scratch: ScratchPostgreSQL
    private let unitOfWork: SQLUnitOfWork
    private let store: SQLOutbox

    init() throws {
        scratch = try ScratchPostgreSQL()
        unitOfWork = SQLUnitOfWork(scratch.session)
        store = SQLOutbox(scratch.session)
    }

    private func subjects(after sequence: Int64, limit: Int = 100) throws -> [String] {
        try store.events(after: sequence, limit: limit).map(\.subject)
    }

    @Test func `an event that is committed late comes behind those that were read before it`() throws {
        let slow = SQLUnitOfWork(DatabaseSession(scratch.database, registry: scratch.registry))
        let occasion = Occasion(at: .t0, by: .machineOperator, from: .machine, SeededRandom())
        try slow.perform { transaction in
            try transaction.events.append(occasion.events([.userEnabled(.fixture(1))]))
            // So that it goes to the server, which gives it its place.
            #expect(try transaction.users.find(.fixture(1)) == nil)
            try unitOfWork.tell(.userEnabled(.fixture(2)))
            #expect(try subjects(after: 0) == ["\(UserID.fixture(2))"])
        }
        #expect(try subjects(after: 1) == ["\(UserID.fixture(1))"])
        #expect(try store.events(after: 0, limit: 100).map(\.sequence) == [1, 2])
    }

    @Test func `a transaction that is rolled back leaves no gap`() throws {
        struct Interruption: Error {}
        #expect(throws: Interruption.self) {
            try unitOfWork.perform { transaction in
                let occasion = Occasion(at: .t0, by: .machineOperator, from: .machine, SeededRandom())
                try transaction.events.append(occasion.events([.userEnabled(.fixture(1))]))
                #expect(try transaction.users.find(.fixture(1)) == nil)
                throw Interruption()
            }
        }
        try unitOfWork.tell(.userEnabled(.fixture(2)), .userDisabled(.fixture(2)))
        #expect(try store.events(after: 0, limit: 100).map(\.sequence) == [1, 2])
    }

    @Test func `writers and readers at once tell each event once, and those of a subject in their order`() throws {
        let (database, registry, writers, each) = (scratch.database, scratch.registry, 3, 60)
        let unfinished = Mutex(writers)
        let seen = Mutex<[[Event]]>([[], []])
        let errors = Mutex<[String]>([])
        try onThreads(writers + 2) { number in
            do {
                let session = DatabaseSession(database, registry: registry)
                guard number >= 2 else {
                    let store = SQLOutbox(session)
                    var last: Int64 = 0
                    while true {
                        let isLast = unfinished.withLock { $0 == 0 }
                        let events = try store.events(after: last, limit: 7)
                        last = events.last?.sequence ?? last
                        seen.withLock { $0[number] += events }
                        if events.isEmpty, isLast { return }
                    }
                }
                defer { unfinished.withLock { $0 -= 1 } }
                let unitOfWork = SQLUnitOfWork(session)
                for step in 0..<each {
                    let origin = RequestOrigin(address: "", requestID: "\(step)", traceparent: "\(step)")
                    try unitOfWork.tell(
                        .userEnabled(.fixture(UInt64(number))),
                        at: Timestamp(microseconds: Int64(step)),
                        from: origin
                    )
                }
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        for events in seen.withLock({ $0 }) {
            #expect(events.map(\.sequence) == Array(1...Int64(writers * each)))
            for (_, own) in Dictionary(grouping: events, by: \.subject) {
                #expect(own.map(\.microseconds) == Array(0..<Int64(each)))
            }
        }
    }

    @Test func `the chain of the audit is laid over it, and what somebody changes is found`() throws {
        let chain = AuditChain(hashing: SHA256AuditHashing())
        for number: UInt64 in 1...5 {
            try unitOfWork.tell(
                .signedIn(.fixture(number), .fixture(2)),
                by: .user(.fixture(1), by: .session(.fixture(2)))
            )
        }
        let relay = Relay(store, to: AuditConsumer(chain: chain), now: { 0 })
        while try relay.round() == .more {}
        let audit = AuditService(unitOfWork: unitOfWork, chain: chain)
        #expect(try audit.verify { Issue.record("\($0)") }.count == 5)

        let change = StatementDefinition(
            "test.change",
            writes: ["audit_chain"],
            sql: "UPDATE audit_chain SET type = 'x'"
        )
        let cut = StatementDefinition("test.cut", writes: ["events"], sql: "DELETE FROM events WHERE sequence = 3")
        let other = DatabaseSession(scratch.database, registry: try StatementRegistry([change, cut]))
        _ = try other.write { try $0.execute(cut) }
        var faults: [AuditFault] = []
        _ = try audit.verify { faults.append($0) }
        #expect(faults.contains(.missing(3)))
        _ = try other.write { try $0.execute(change) }
        _ = try audit.verify { faults.append($0) }
        #expect(faults.contains(.changed(1)))
    }
}
