internal import Database
internal import Domain

/// Receipts in a database, for the length of one transaction.
struct SQLReceiptRepository: ReceiptRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func find(request: ReceiptKey) throws -> KeptAnswer? {
        guard let found = try reader.row(ReceiptStatements.findByRequest, request.bytes, read: { try Found($0) }) else {
            return nil
        }
        return try told(found)
    }

    func find(client: ReceiptKey) throws -> (fingerprint: [UInt8], answer: KeptAnswer)? {
        let found = try reader.row(ReceiptStatements.findByClient, client.bytes) { row in
            (fingerprint: try row.bytes(4), row: try Found(row))
        }
        guard let found else { return nil }
        return (found.fingerprint, try told(found.row))
    }

    func insert(_ receipt: Receipt) throws {
        let transaction = try writing()
        try transaction.submit(
            ReceiptStatements.insert,
            receipt.name.request.bytes,
            receipt.name.client?.key.bytes,
            receipt.name.client?.fingerprint.stored,
            receipt.answer.status,
            receipt.answer.sealed,
            transaction.changes.text,
            receipt.createdAt,
            receipt.expiresAt
        )
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        try writing().execute(ReceiptStatements.deleteExpired, instant, limit)
    }

    /// A row, with what its change has changed.
    private struct Found {
        let answer: KeptAnswer
        let changes: String

        init(_ row: borrowing Row) throws {
            answer = KeptAnswer(
                request: ReceiptKey(bytes: try row.bytes(0)),
                status: try row.int(1),
                sealed: try row.bytes(2)
            )
            changes = try row.string(3)
        }
    }

    /// Has the commit tell of what was changed, where this is a transaction that tells.
    private func told(_ found: Found) throws -> KeptAnswer {
        guard let transaction else { return found.answer }
        guard let changes = CommittedChanges(text: found.changes) else {
            throw StorageFault("a receipt does not tell what was changed")
        }
        transaction.tellAgain(changes)
        return found.answer
    }
}
