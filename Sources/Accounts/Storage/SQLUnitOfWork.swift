package import Database
package import Domain

/// Transactions of one database session, as the domain sees them; for the thread of that session.
package struct SQLUnitOfWork: UnitOfWork {
    private let session: DatabaseSession

    /// Takes the session of this thread.
    package init(_ session: DatabaseSession) {
        self.session = session
    }

    package func perform<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            try session.write { try body(SQLTransaction(reader: $0, transaction: $0)) }
        }
    }

    package func read<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try translatingErrors {
            try session.read { try body(SQLTransaction(reader: $0, transaction: nil)) }
        }
    }
}

/// The repositories on one open transaction.
private struct SQLTransaction: Transaction {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?

    var users: any UserRepository { SQLUserRepository(reader: reader, transaction: transaction) }
    var sessions: any SessionRepository { SQLSessionRepository(reader: reader, transaction: transaction) }
    var keys: any APIKeyRepository { SQLAPIKeyRepository(reader: reader, transaction: transaction) }
}
