/// Somebody who is told of events.
///
/// What has an effect outside of the store (a message, a request) is done in ``deliver(_:attempt:until:)``, at least once: whoever
/// gets it knows an event again by its id. What has an effect in the store is done in ``record(_:in:)``, in the transaction
/// that moves the consumer's place, and so exactly once: the place stands for a row of an inbox for each event before it.
/// For one thread at a time.
public protocol Consumer<Transaction> {
    /// What makes changes in one transaction of the store.
    associatedtype Transaction

    /// The name under which the place is kept.
    var name: String { get }

    /// Whether an event is for this consumer; else its place moves on.
    func takes(_ event: Event) -> Bool

    /// Does what an event asks for outside of the store, and may block.
    ///
    /// - Parameters:
    ///   - event: the next one of its subject.
    ///   - attempt: from 1; greater where it was tried before.
    ///   - shouldStop: whether the process is about to end; what takes long asks about once a second, and gives up.
    /// - Returns: what became of it.
    func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery

    /// Does what the events of a round ask for in the store; only those whose delivery is done have come to their end.
    ///
    /// The transaction may be run again. Throws a fault of the store; then nothing of the round is settled.
    func record(_ attempts: [Attempt], in transaction: Transaction) throws
}

extension Consumer {
    /// Every event.
    public func takes(_ event: Event) -> Bool { true }

    /// Nothing is done outside of the store.
    public func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery { .done }

    /// Nothing is done in the store.
    public func record(_ attempts: [Attempt], in transaction: Transaction) throws {}
}

/// What became of an event that was delivered.
public enum Delivery: Hashable, Sendable {
    /// The consumer has it.
    case done
    /// The consumer does not take it, for a reason that may be this event's: later ones of its subject wait behind it, those
    /// of others go on.
    case refused(String)
    /// The consumer will never take it: it is given up at once.
    case rejected(String)
    /// The consumer takes nothing at present: all wait.
    case unavailable(String)
}

/// One try to deliver an event.
public struct Attempt: Sendable {
    /// The event.
    public let event: Event
    /// Which try it was, from 1.
    public let number: Int
    /// What became of it.
    public let delivery: Delivery
    /// Whether the event is given up with it.
    public internal(set) var isLast = false
}
