import Database
import Domain
import Events
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// The outbox in a database: its relay keeps the same promises there, on both engines.
@Suite struct OutboxTests {
    @Test(arguments: SQLDialect.allCases)
    func `an event is read as it was told`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        let origin = RequestOrigin(address: "192.0.2.7", requestID: "r1", traceparent: "00-aa-bb-01")
        let occasion = Occasion(at: .t0, by: .user(.fixture(9), by: .key(.fixture(3))), from: origin, SeededRandom())
        let happenings: [Happening] = [
            .keyCreated(.fixture(4, of: .fixture(1), expiresAt: .t0)),
            .userChanged(from: .fixture(1), to: .fixture(1, email: "x@example.com", role: .administrator)),
            .userDeleted(.fixture(1)),
        ]
        let told = occasion.events(happenings)
        try scene.unitOfWork.perform { try $0.events.append(told) }
        let events = try scene.store.events(after: 0, limit: 10)
        #expect(events.map(\.sequence) == [1, 2, 3])
        #expect(events.map(\.id) == told.map(\.id.description))
        #expect(events.map(\.type) == ["key.created.v1", "user.changed.v1", "user.deleted.v1"])
        #expect(
            events.allSatisfy { $0.subject == "\(UserID.fixture(1))" && $0.microseconds == Timestamp.t0.microseconds }
        )
        #expect(events.allSatisfy { $0.traceparent == "00-aa-bb-01" })
        #expect(
            events.map(\.data) == [
                #"{"key_id":"\#(APIKeyID.fixture(4))","access":"read","expires_at":"2026-01-02T03:04:05.678901Z"}"#,
                #"{"fields":["email","role"],"role":"admin","role_before":"member"}"#, "{}",
            ]
        )
    }

    @Test(arguments: SQLDialect.allCases)
    func `every type of event is read as it was when it was released`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        // What a receiver relies on: a version of a type only ever gets more members.
        let id = "\(UserID.fixture(1))"
        let golden: [(Happening, String)] = [
            (.userCreated(.fixture(1)), #"{"role":"member","status":"active"}"#),
            (.userChanged(from: .fixture(1), to: .fixture(1, name: "X")), #"{"fields":["name"]}"#),
            (.userDisabled(.fixture(1)), "{}"), (.userEnabled(.fixture(1)), "{}"), (.userDeleted(.fixture(1)), "{}"),
            (.passwordChanged(.fixture(1)), "{}"),
            (.signedIn(.fixture(1), .fixture(2)), #"{"session_id":"\#(SessionID.fixture(2))"}"#),
            (.signedOut(.fixture(1), .fixture(2)), #"{"session_id":"\#(SessionID.fixture(2))"}"#),
            (.signedOut(.fixture(1), nil), "{}"),
            (
                .keyCreated(.fixture(3, of: .fixture(1))),
                #"{"key_id":"\#(APIKeyID.fixture(3))","access":"read","expires_at":null}"#
            ),
            (.keyEnded(.fixture(1), .fixture(3)), #"{"key_id":"\#(APIKeyID.fixture(3))"}"#),
            (.keyEnded(.fixture(1), nil), "{}"),
            (
                .confirmationRequested(.fixture(4, .changeFrom, of: 1)),
                #"{"confirmation_id":"\#(ConfirmationID.fixture(4))","purpose":"change_from"}"#
            ),
            (.emailVerified(.fixture(1)), "{}"),
        ]
        for (happening, _) in golden { try scene.tell(happening) }
        try scene.tell(.webhookCreated(.fixture(1)), .webhookChanged(.fixture(1)), .webhookDeleted(.fixture(1)))
        let events = try scene.store.events(after: 0, limit: 100)
        #expect(events.map(\.data) == golden.map(\.1) + ["{}", "{}", "{}"])
        #expect(events.prefix(golden.count).allSatisfy { $0.subject == id })
        #expect(Set(events.map(\.type)) == Set(EventType.allCases.map(\.rawValue)))
    }

    @Test(arguments: SQLDialect.allCases)
    func `a consumer begins behind what was before it, or at the first`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userDeleted(.fixture(1)))
        try scene.unitOfWork.perform { transaction in
            try transaction.events.begin(consumer: "late", atFirst: false)
            try transaction.events.begin(consumer: "all", atFirst: true)
        }
        try scene.tell(.userDeleted(.fixture(2)))
        // One that is there keeps its place.
        try scene.unitOfWork.perform { try $0.events.begin(consumer: "late", atFirst: false) }
        #expect(try scene.store.place(of: "late")?.sequence == 1)
        #expect(try scene.store.place(of: "all")?.sequence == 0)
        #expect(try scene.store.place(of: "nobody") == nil)
    }

    @Test(arguments: SQLDialect.allCases)
    func `an event that is refused waits with those of its subject, is tried again and is given up`(
        engine: SQLDialect
    ) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userEnabled(.fixture(1)), .userEnabled(.fixture(2)), .userDisabled(.fixture(1)))
        scene.receiver.refused = [1]
        try scene.work()
        #expect(scene.receiver.taken == [2])
        #expect(try scene.store.nextDue(for: "receiver") == 5_000_000)
        #expect(
            try scene.store.heldSubjects(of: "receiver", among: ["\(UserID.fixture(1))", "\(UserID.fixture(2))"]).count
                == 1
        )
        try scene.work(at: 5_000_000)
        #expect(scene.receiver.attempts == [1, 2, 1])
        scene.receiver.refused = []
        try scene.work(at: 60_000_000)
        #expect(scene.receiver.taken == [2, 1, 3])
        #expect(try scene.store.nextDue(for: "receiver") == nil)

        try scene.tell(.userEnabled(.fixture(1)), .userDisabled(.fixture(1)))
        scene.receiver.refused = [4]
        try scene.work(at: 100_000_000)
        try scene.work(at: 100_000_000 + 86_400_000_000)
        #expect(scene.receiver.taken == [2, 1, 3, 5])
        #expect(try scene.store.nextDue(for: "receiver") == nil)
        #expect(try scene.store.heldSubjects(of: "receiver", among: ["\(UserID.fixture(1))"]).isEmpty)
    }

    @Test(arguments: SQLDialect.allCases)
    func `what a consumer does in the store is there with its place, or not at all`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userEnabled(.fixture(1)))
        scene.receiver.fails = true
        #expect(throws: StoringReceiver.Fault.self) { try scene.relay().round() }
        #expect(try scene.store.place(of: "receiver")?.sequence == 0)
        #expect(try scene.unitOfWork.read { try $0.users.find(.fixture(1)) } == nil)
        scene.receiver.fails = false
        try scene.work()
        #expect(scene.receiver.taken == [1, 1])
        #expect(try scene.unitOfWork.read { try $0.users.find(.fixture(1)) } != nil)
    }

    @Test(arguments: SQLDialect.allCases)
    func `of two relays one settles`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userEnabled(.fixture(1)))
        let other = SQLOutbox(try scene.anotherSession())
        var progress: RelayProgress?
        scene.receiver.meanwhile = { [receiver = scene.receiver] in
            receiver.meanwhile = nil
            progress = try Relay(other, to: StoringReceiver(), now: { 0 }).round()
        }
        #expect(try scene.relay().round() == .superseded)
        #expect(progress == .more)
        #expect(try scene.relay().round() == .idle(until: nil))
    }

    @Test(arguments: SQLDialect.allCases)
    func `a consumer that ends takes what it held along`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userEnabled(.fixture(1)))
        scene.receiver.refused = [1]
        try scene.work()
        try scene.unitOfWork.perform { try $0.events.end(consumer: "receiver") }
        #expect(try scene.relay().round() == .gone)
        #expect(try scene.store.nextDue(for: "receiver") == nil)
    }

    @Test(arguments: SQLDialect.allCases)
    func `an event cannot be changed`(engine: SQLDialect) throws {
        let scene = try OutboxScene(on: engine)
        try scene.tell(.userEnabled(.fixture(1)))
        let change = StatementDefinition("test.change", writes: ["events"], sql: "UPDATE events SET data = '{}'")
        _ = try scene.store.events(after: 0, limit: 1)
        let session = try scene.anotherSession(try StatementRegistry([change]))
        #expect(throws: DatabaseError.self) { try session.write { try $0.execute(change) } }
    }
}

/// An outbox with one consumer, at its first event.
struct OutboxScene {
    let session: DatabaseSession
    let store: SQLOutbox
    let unitOfWork: SQLUnitOfWork
    fileprivate let receiver = StoringReceiver()
    private let open: (StatementRegistry?) throws -> DatabaseSession

    init(on engine: SQLDialect) throws {
        switch engine {
        case .sqlite:
            let scratch = try ScratchDatabase()
            session = scratch.session
            open = { try DatabaseSession(scratch.options, registry: $0 ?? scratch.registry) }
        case .postgreSQL:
            let scratch = try ScratchPostgreSQL()
            session = scratch.session
            open = { DatabaseSession(scratch.database, registry: $0 ?? scratch.registry) }
        }
        store = SQLOutbox(session)
        unitOfWork = SQLUnitOfWork(session)
        try unitOfWork.perform { try $0.events.begin(consumer: "receiver", atFirst: false) }
    }

    func anotherSession(_ registry: StatementRegistry? = nil) throws -> DatabaseSession { try open(registry) }

    func tell(_ happenings: Happening...) throws {
        let occasion = Occasion(at: .t0, by: .machineOperator, from: .machine, SeededRandom())
        try unitOfWork.perform { try $0.events.append(occasion.events(happenings)) }
    }

    fileprivate func relay(at instant: Int64 = 0) -> Relay<SQLOutbox, StoringReceiver> {
        Relay(store, to: receiver, now: { instant }, chance: { 1 })
    }

    func work(at instant: Int64 = 0) throws {
        while try relay(at: instant).round() == .more {}
    }
}

/// A consumer whose effect is a user in the store.
private final class StoringReceiver: Consumer {
    struct Fault: Error {}

    let name = "receiver"
    var taken: [Int64] = []
    var attempts: [Int64] = []
    var refused: Set<Int64> = []
    var fails = false
    var meanwhile: (() throws -> Void)?

    func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery {
        try? meanwhile?()
        attempts.append(event.sequence)
        guard !refused.contains(event.sequence) else { return .refused("no") }
        taken.append(event.sequence)
        return .done
    }

    func record(_ attempts: [Attempt], in transaction: any Transaction) throws {
        for attempt in attempts where attempt.delivery == .done {
            let id = UserID(try #require(UUID(attempt.event.subject)))
            guard try transaction.users.find(id) == nil else { continue }
            try transaction.users.insert(.fixture(id.uuid.low & 0xFF), passwordHash: nil)
        }
        if fails { throw Fault() }
    }
}
