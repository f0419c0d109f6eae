/// The log of events and the places of their consumers, in the store in which the changes are made.
///
/// An outbox (microservices.io, "Transactional outbox"): a change writes its events in its own transaction, so that there
/// is none without the other, and a ``Relay`` tells them afterwards. It is a log and no queue: each consumer has a place of
/// its own in it. Events get their numbers in the order of their commits, so that nobody who has read up to one misses
/// another before it.
///
/// Every method throws a fault of the store. Blocking; for one thread at a time.
public protocol Outbox {
    /// What makes changes in one transaction of the store.
    associatedtype Transaction

    /// How far a consumer has come; nil where there is no such consumer, or no more.
    func place(of consumer: String) throws -> Place?

    /// The next events after a place in the log, in their order.
    ///
    /// What it gives will be there after power loss as well: nobody is told of what did not happen.
    func events(after sequence: Int64, limit: Int) throws -> [Event]

    /// Those of a consumer's held events that are to be tried again, the first that came due first.
    func due(for consumer: String, at instant: Int64, limit: Int) throws -> [HeldEvent]

    /// When the next of a consumer's held events comes due.
    func nextDue(for consumer: String) throws -> Int64?

    /// Those of some subjects of which a consumer holds an event that is not given up.
    func heldSubjects(of consumer: String, among subjects: Set<String>) throws -> Set<String>

    /// Stores what a round has come to, and what `effects` does, in one transaction.
    ///
    /// - Returns: false where the consumer's place is not the expected one, because another relay works for the same
    ///   consumer or the consumer has ended; then nothing is stored.
    func settle(_ settlement: Settlement, effects: (Transaction) throws -> Void) throws -> Bool
}

/// How far a consumer has come.
public struct Place: Hashable, Sendable {
    /// All events up to this one are done, held or given up.
    public var sequence: Int64
    /// Counts what was settled, so that of two relays only one can settle.
    public var turn: Int64
    /// How many tries in a row found the consumer unavailable.
    public var failures: Int
    /// Since when; nil while it is available.
    public var failingSince: Int64?
    /// Before this instant nothing is tried.
    public var dueAt: Int64
    /// Why it was unavailable the last time; empty while it is available.
    public var reason: String

    /// A place in the log.
    public init(
        sequence: Int64,
        turn: Int64 = 0,
        failures: Int = 0,
        failingSince: Int64? = nil,
        dueAt: Int64 = 0,
        reason: String = ""
    ) {
        self.sequence = sequence
        self.turn = turn
        self.failures = failures
        self.failingSince = failingSince
        self.dueAt = dueAt
        self.reason = reason
    }
}

/// An event that a consumer has not taken yet though its place is beyond it.
public struct HeldEvent: Hashable, Sendable {
    /// What becomes of it.
    public enum State: Hashable, Sendable {
        /// It is tried again at this instant; the first one of its subject.
        case due(at: Int64)
        /// One of the same subject comes before it.
        case behind
        /// It is tried no more, and lies there until somebody has it told again: a dead letter.
        case givenUp(at: Int64)
    }

    /// The event.
    public let event: Event
    /// How often it was tried.
    public var attempts: Int
    /// Since when it is held.
    public let since: Int64
    /// What becomes of it.
    public var state: State
    /// Why it was not taken; empty where it was not tried.
    public var reason: String

    /// Takes all members.
    public init(event: Event, attempts: Int, since: Int64, state: State, reason: String) {
        self.event = event
        self.attempts = attempts
        self.since = since
        self.state = state
        self.reason = reason
    }
}

/// What a round of a relay has come to.
public struct Settlement: Sendable {
    /// Whose place it is.
    public let consumer: String
    /// The place as it was read before.
    public let expected: Place
    /// The place from now on.
    public var place: Place
    /// What is held from now on, or otherwise than before.
    public var held: [HeldEvent] = []
    /// What was held and is done.
    public var released: [Event] = []
    /// Subjects whose first held event is done or given up: the next one of each, if there is one, is due at once.
    public var promoted: Set<String> = []
    /// Now.
    public let instant: Int64

    init(consumer: String, expected: Place, instant: Int64) {
        self.consumer = consumer
        self.expected = expected
        self.instant = instant
        place = expected
        place.turn += 1
    }
}
