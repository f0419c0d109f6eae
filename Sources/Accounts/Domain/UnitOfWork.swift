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

    /// The stored receipts.
    var receipts: any ReceiptRepository { get }

    /// What is to be confirmed by mail, and the addresses that were.
    var confirmations: any ConfirmationRepository { get }

    /// The log of what happened.
    var events: any EventRepository { get }

    /// The chain over the log, and its lists.
    var audit: any AuditRepository { get }

    /// The stored webhooks.
    var webhooks: any WebhookRepository { get }
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

    /// Whether a change looks for its receipt before it is made.
    ///
    /// Where one writes at a time that is a look-up more. Where many do it would put each in the way of all others, as each
    /// looks for what is not there in the place where the others write; there a change that fails looks afterwards.
    var looksForReceiptsFirst: Bool { get }
}

extension UnitOfWork {
    /// Makes a change once, and gives its answer, however often it is asked for.
    ///
    /// Where the change has a receipt nothing is changed, and the stored answer is given. Else `body` makes the change, the
    /// answer is made of what it returns, and both become lasting together. Throws what ``perform(_:)`` throws, and
    /// `nameReused`.
    package func perform<Outcome, Answer>(
        _ answering: Answering<Outcome, Answer>,
        _ body: (any Transaction) throws -> Outcome
    ) throws -> Answer {
        guard let once = answering.once else { return try perform { answering.render(try body($0)) } }
        do {
            return try perform { transaction in
                if looksForReceiptsFirst, let kept = try transaction.receipts.find(once.name) {
                    return try once.restore(kept)
                }
                let answer = answering.render(try body(transaction))
                try transaction.receipts.insert(once.receipt(answer))
                return answer
            }
        } catch {
            guard !looksForReceiptsFirst, let kept = try receipt(of: once.name, after: error) else { throw error }
            return try once.restore(kept)
        }
    }

    /// What was answered to a change that could not be made, which may be because it was made before.
    private func receipt(of name: ChangeName, after failure: any Error) throws -> KeptAnswer? {
        guard (failure as? DomainError)?.code != .unavailable else { return nil }
        do {
            return try perform { try $0.receipts.find(name) }
        } catch let refusal as DomainError where refusal.code != .unavailable {
            throw refusal
        } catch {
            // The first failure is the one to tell.
            return nil
        }
    }
}
