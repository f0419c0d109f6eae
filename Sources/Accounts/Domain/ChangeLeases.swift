/// Keeps others from beginning a change that somebody is making.
package protocol ChangeLeases {
    /// Runs `body` while holding the lease on a client's name for a change.
    ///
    /// Who dies while holding it loses it at once. That a change is made once does not depend on it: it saves slow work,
    /// and tells the client what goes on. Throws `inProgress` where somebody else holds it, and what `body` throws.
    func withLease<Value>(on client: ReceiptKey, _ body: () throws -> Value) throws -> Value
}
