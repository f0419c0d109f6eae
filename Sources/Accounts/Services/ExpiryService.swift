package import Domain

/// Deletes what has ended by itself.
///
/// Nothing depends on it: readers compare the times. It keeps the store from growing.
package struct ExpiryService {
    /// So many of each kind in one transaction, which then keeps others from writing for a few milliseconds.
    package static let batchSize = 200

    private let unitOfWork: any UnitOfWork
    private let clock: any Clock
    private let sessionsKept: Int64
    private let keysKept: Int64

    /// Gathers what it needs.
    ///
    /// - Parameters:
    ///   - unitOfWork: the store, for the thread that uses this.
    ///   - clock: the time.
    ///   - sessionsKept: for how many seconds a session is there after its end, so that its client can be told.
    ///   - keysKept: the same of an API key, so that its owner sees which one ended.
    package init(unitOfWork: any UnitOfWork, clock: any Clock, sessionsKept: Int64, keysKept: Int64) {
        self.unitOfWork = unitOfWork
        self.clock = clock
        self.sessionsKept = sessionsKept
        self.keysKept = keysKept
    }

    /// Deletes some; true where more may be left.
    package func deleteBatch() throws -> Bool {
        let now = clock.now()
        let deleted = try unitOfWork.perform { transaction in
            [
                try transaction.sessions.deleteExpired(
                    before: now.adding(seconds: -sessionsKept),
                    limit: Self.batchSize
                ),
                try transaction.keys.deleteExpired(before: now.adding(seconds: -keysKept), limit: Self.batchSize),
                try transaction.confirmations.deleteExpired(before: now, limit: Self.batchSize),
            ]
        }
        return deleted.contains(Self.batchSize)
    }

    /// Deletes some notes of what was sent to webhooks; true where more may be left.
    package func deleteDeliveries() throws -> Bool {
        let oldest = clock.now().adding(seconds: -WebhookDelivery.secondsKept)
        return try unitOfWork.perform { try $0.webhooks.deleteDeliveries(before: oldest, limit: Self.batchSize) }
            == Self.batchSize
    }

    /// Deletes some receipts that nobody can ask for any more; true where more may be left.
    package func deleteReceipts() throws -> Bool {
        let now = clock.now()
        return try unitOfWork.perform { try $0.receipts.deleteExpired(before: now, limit: Self.batchSize) }
            == Self.batchSize
    }
}
