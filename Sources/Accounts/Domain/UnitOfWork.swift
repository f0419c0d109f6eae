/// The repositories, all in one transaction.
///
/// It must not outlive the closure that it was handed to.
package protocol Transaction {
    /// The stored users.
    var users: any UserRepository { get }

    /// The stored sessions.
    var sessions: any SessionRepository { get }

    /// The stored API keys.
    var keys: any APIKeyRepository { get }
}

/// Runs work in transactions of one store.
///
/// One belongs to one thread at a time, blocks it, and runs one transaction at
/// a time: a closure must not begin another. Both methods throw what the
/// closure throws, `DomainError.unavailable` if the store cannot be had in
/// time, and a fault if it fails.
package protocol UnitOfWork {
    /// Runs `body` and makes its changes lasting, all of them or, if it throws, none.
    ///
    /// Transactions are serialisable: the outcome is as if one ran after the
    /// other, so what `body` has read still holds when its changes are made.
    /// An implementation may run `body` twice to keep this promise; so it has
    /// no effect outside the transaction and draws no random bits. After the
    /// return the changes survive the loss of power.
    func perform<Value>(_ body: (any Transaction) throws -> Value) throws -> Value

    /// Runs `body`, which changes nothing, on one consistent state of the store.
    ///
    /// An implementation may run `body` twice.
    func read<Value>(_ body: (any Transaction) throws -> Value) throws -> Value

    /// Runs `body`, which looks single things up and changes nothing.
    ///
    /// Each look-up may be answered from memory, with what is no older than any change that was acknowledged before it,
    /// by whatever process. Two of them may see different states. An implementation may run `body` twice.
    func lookUp<Value>(_ body: (any Transaction) throws -> Value) throws -> Value
}
