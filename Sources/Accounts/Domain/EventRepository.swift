/// The log of what happened, as one transaction sees it: events are appended and never changed.
///
/// Every method throws a fault of the store.
package protocol EventRepository {
    /// Appends events, in this order, behind all that were committed before.
    func append(_ events: [NewEvent]) throws

    /// Up to which event a consumer has come; nil where there is none of this name.
    func place(of consumer: String) throws -> Int64?

    /// Gives a consumer its place in the log, unless it has one: behind the last event, or before the first.
    func begin(consumer: String, atFirst: Bool) throws

    /// How far a consumer is; nil where there is none of this name.
    func state(of consumer: String) throws -> ConsumerState?

    /// What a consumer was told for too long, the oldest first.
    func deadLetters(of consumer: String, limit: Int) throws -> [DeadLetter]

    /// Has a consumer be told again of what was given up, the oldest first, a thousand at most.
    ///
    /// - Returns: of how many events.
    func tellAgain(of consumer: String, at instant: Timestamp) throws -> Int

    /// Has a consumer that was unavailable be tried at once, as if it had not been.
    func beginAnew(consumer: String) throws

    /// Takes the place of a consumer away, and what it holds.
    func end(consumer: String) throws
}
