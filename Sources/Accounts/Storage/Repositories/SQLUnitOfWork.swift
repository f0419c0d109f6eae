package import Database
package import Domain

/// Transactions of one database session, as the domain sees them; for the thread of that session.
package struct SQLUnitOfWork: UnitOfWork {
    private let session: DatabaseSession
    private let cache: StorageCache?

    /// Takes the session of this thread, and what keeps look-ups.
    ///
    /// With a cache, every session of every process that changes this database tells its commits to a
    /// ``CacheInvalidation`` with the same generations.
    package init(_ session: DatabaseSession, cache: StorageCache? = nil) {
        self.session = session
        self.cache = cache
    }

    package var looksForReceiptsFirst: Bool { session.dialect == .sqlite }

    package func perform<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            try session.write { try body(SQLTransaction(reader: $0, transaction: $0, cache: nil)) }
        }
    }

    /// The same for who also runs statements of its own.
    func withTransaction<Value>(_ body: (DatabaseTransaction, any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            try session.write { try body($0, SQLTransaction(reader: $0, transaction: $0, cache: nil)) }
        }
    }

    package func read<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            try session.read { try body(SQLTransaction(reader: $0, transaction: nil, cache: nil)) }
        }
    }

    package func lookUp<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            // No transaction: each statement begins with the newest state, so that what is kept was not read before.
            try body(SQLTransaction(reader: session, transaction: nil, cache: cache))
        }
    }
}

/// The repositories on one open transaction.
private struct SQLTransaction: Transaction {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    var users: any UserRepository { SQLUserRepository(reader: reader, transaction: transaction, cache: cache) }
    var sessions: any SessionRepository { SQLSessionRepository(reader: reader, transaction: transaction, cache: cache) }
    var keys: any APIKeyRepository { SQLAPIKeyRepository(reader: reader, transaction: transaction, cache: cache) }
    var receipts: any ReceiptRepository { SQLReceiptRepository(reader: reader, transaction: transaction, cache: cache) }
    var confirmations: any ConfirmationRepository {
        SQLConfirmationRepository(reader: reader, transaction: transaction, cache: cache)
    }
    var events: any EventRepository { SQLEventRepository(reader: reader, transaction: transaction, cache: cache) }
    var audit: any AuditRepository { SQLAuditRepository(reader: reader, transaction: transaction, cache: cache) }
    var webhooks: any WebhookRepository { SQLWebhookRepository(reader: reader, transaction: transaction, cache: cache) }
}
