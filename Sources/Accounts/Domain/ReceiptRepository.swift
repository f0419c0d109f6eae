/// The stored receipts, as one transaction sees them.
///
/// Every method throws, beside what it names, a fault of the store. After any error the transaction is lost: the closure
/// passes the error on.
///
/// Who finds an answer inside ``UnitOfWork/perform(_:)`` has the commit make old, once more, whatever the change made old:
/// the process that made it may have been killed before it told the others.
package protocol ReceiptRepository {
    /// What was answered to a request, or nil where it has no receipt.
    func find(request: ReceiptKey) throws -> KeptAnswer?

    /// What was answered to a change of this name of a client, and the stored fingerprint of what was asked for; or nil.
    ///
    /// It may be there for a while after it has expired.
    func find(client: ReceiptKey) throws -> (fingerprint: [UInt8], answer: KeptAnswer)?

    /// Stores a receipt; the last thing in the transaction of the change.
    ///
    /// That the request or the client's name has one already is a fault.
    func insert(_ receipt: Receipt) throws

    /// Deletes at most so many of the receipts that expired before an instant, those that expired first.
    ///
    /// - Returns: how many it has deleted.
    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int
}

extension ReceiptRepository {
    /// What was answered to a change, under either of its names.
    ///
    /// Throws `nameReused` where the client's name was given to another change.
    package func find(_ name: ChangeName) throws -> KeptAnswer? {
        if let answer = try find(request: name.request) { return answer }
        guard let client = name.client, let found = try find(client: client.key) else { return nil }
        guard client.fingerprint.matches(found.fingerprint) else { throw DomainError.nameReused }
        return found.answer
    }
}
