package import Domain

/// A store in memory, for tests.
///
/// It passes the same contract suite as the stores in SQL. Transactions are
/// copies of one value. By default each closure runs twice, the first time in
/// vain, so that an effect outside the transaction shows.
package final class MemoryUnitOfWork: UnitOfWork {
    /// What is committed, to compare.
    package private(set) var state = MemoryState()

    /// Whether a transaction is running now.
    package private(set) var isInTransaction = false

    /// How many transactions for changes have run or failed.
    package private(set) var changes = 0

    /// How many transactions for reading have run or failed.
    package private(set) var reads = 0

    /// What the next transaction for changes throws in place of running.
    package var failureOfNextChange: (any Error)?

    /// What happens once, as if by somebody else, right before the next transaction for changes.
    package var beforeNextChange: (() throws -> Void)?

    private let rehearses: Bool

    /// Makes an empty store; `rehearses` tells whether closures run twice.
    package init(rehearses: Bool = true) {
        self.rehearses = rehearses
    }

    package var looksForReceiptsFirst: Bool { true }

    package func perform<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        changes += 1
        if let error = failureOfNextChange {
            failureOfNextChange = nil
            throw error
        }
        if let interference = beforeNextChange {
            beforeNextChange = nil
            try interference()
        }
        if rehearses {
            _ = try run(body)
        }
        let (value, changed) = try run(body)
        state = changed
        return value
    }

    package func read<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        reads += 1
        let (value, changed) = try run(body)
        guard changed == state else { throw MemoryFault.changeInRead }
        return value
    }

    package func lookUp<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try read(body)
    }

    private func run<Value>(_ body: (any Transaction) throws -> Value) throws -> (Value, MemoryState) {
        guard !isInTransaction else { throw MemoryFault.transactionInTransaction }
        isInTransaction = true
        defer { isInTransaction = false }
        let transaction = MemoryTransaction(state)
        let value = try body(transaction)
        return (value, transaction.state)
    }
}

/// What a store in memory throws when it is used against the rules.
package enum MemoryFault: Error {
    /// A closure that should only read has changed something.
    case changeInRead
    /// A closure has begun another transaction.
    case transactionInTransaction
    /// A session has no user.
    case sessionWithoutUser
    /// Two sessions have the same token or the same id.
    case sessionTwice
    /// An API key has no user.
    case keyWithoutUser
    /// Two API keys have the same token or the same id.
    case keyTwice
    /// What is to be confirmed has no user, or an address was verified of none.
    case confirmationWithoutUser
    /// Two confirmations have the same token or the same id.
    case confirmationTwice
    /// Two receipts are of the same request, or of the same name of a client.
    case receiptTwice
}

/// All that is stored.
package struct MemoryState: Equatable {
    struct StoredUser: Equatable {
        var user: User
        var passwordHash: PasswordHash?
    }

    struct StoredSession: Equatable {
        var session: Session
        let tokenDigest: TokenDigest
    }

    struct StoredKey: Equatable {
        var key: APIKey
        let tokenDigest: TokenDigest
    }

    struct StoredConfirmation: Equatable {
        var confirmation: Confirmation
        let tokenDigest: TokenDigest
    }

    struct VerifiedAddress: Equatable {
        let folded: String
        let instant: Timestamp
    }

    struct StoredWebhook: Equatable {
        var webhook: Webhook
        let sealedSecret: [UInt8]
        var deliveries: [WebhookDelivery] = []
    }

    var users: [UserID: StoredUser] = [:]
    var sessions: [SessionID: StoredSession] = [:]
    var keys: [APIKeyID: StoredKey] = [:]
    var receipts: [ReceiptKey: Receipt] = [:]
    var confirmations: [ConfirmationID: StoredConfirmation] = [:]
    var verified: [UserID: VerifiedAddress] = [:]
    /// What happened, in the order of the commits.
    package var events: [NewEvent] = []
    /// How many events each consumer has behind it.
    var consumers: [String: Int] = ["audit": 0]
    /// The links of the chain by the numbers of their events, and how many events were deleted before it.
    var links: [Int64: [UInt8]] = [:]
    var anchor = AuditMark.origin
    var webhooks: [WebhookID: StoredWebhook] = [:]
}

/// A copy of the state that the repositories of one transaction work on.
final class MemoryTransaction: Transaction {
    var state: MemoryState

    init(_ state: MemoryState) {
        self.state = state
    }

    var users: any UserRepository { MemoryUserRepository(transaction: self) }

    var sessions: any SessionRepository { MemorySessionRepository(transaction: self) }

    var keys: any APIKeyRepository { MemoryAPIKeyRepository(transaction: self) }

    var receipts: any ReceiptRepository { MemoryReceiptRepository(transaction: self) }

    var confirmations: any ConfirmationRepository { MemoryConfirmationRepository(transaction: self) }

    var events: any EventRepository { MemoryEventRepository(transaction: self) }

    var audit: any AuditRepository { MemoryAuditRepository(transaction: self) }

    var webhooks: any WebhookRepository { MemoryWebhookRepository(transaction: self) }
}
