/// The chain over the log of events, and the lists that it serves, as one transaction sees them.
///
/// Every method throws a fault of the store.
package protocol AuditRepository {
    /// From where the chain begins: all before it was deleted in its time.
    func anchor() throws -> AuditMark

    /// The end of the chain; the anchor where nothing stands behind it.
    func head() throws -> AuditMark

    /// The events behind a place in their order, with their links.
    func entries(after sequence: Int64, limit: Int) throws -> [AuditEntry]

    /// Lays the next link, for the event after the head.
    func link(_ mark: AuditMark) throws

    /// Deletes events, with their links, that happened before an instant: the oldest ones without a gap, never the head, and
    /// at most so many. What is left begins behind a new anchor.
    ///
    /// - Returns: how many it has deleted.
    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int

    /// A part of the list, of what is in the chain.
    func records(_ slice: AuditSlice) throws -> [AuditRecord]

    /// The events behind a place in the log, in their order.
    func records(after sequence: Int64, limit: Int) throws -> [AuditRecord]
}
