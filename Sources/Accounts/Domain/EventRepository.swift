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

    /// Takes the place of a consumer away, and what it holds.
    func end(consumer: String) throws
}
