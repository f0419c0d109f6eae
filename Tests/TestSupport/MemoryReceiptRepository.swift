import Domain

/// The receipts of a store in memory.
struct MemoryReceiptRepository: ReceiptRepository {
    let transaction: MemoryTransaction

    func find(request: ReceiptKey) throws -> KeptAnswer? {
        transaction.state.receipts[request]?.answer
    }

    func find(client: ReceiptKey) throws -> (fingerprint: [UInt8], answer: KeptAnswer)? {
        transaction.state.receipts.values.first { $0.name.client?.key == client }.map {
            ($0.name.client?.fingerprint.stored ?? [], $0.answer)
        }
    }

    func insert(_ receipt: Receipt) throws {
        guard try find(request: receipt.name.request) == nil,
            try receipt.name.client.map({ try find(client: $0.key) == nil }) ?? true
        else { throw MemoryFault.receiptTwice }
        transaction.state.receipts[receipt.name.request] = receipt
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let expired = transaction.state.receipts.values.filter { $0.expiresAt < instant }
            .sorted { $0.expiresAt < $1.expiresAt }.prefix(limit)
        for receipt in expired { transaction.state.receipts[receipt.name.request] = nil }
        return expired.count
    }
}
