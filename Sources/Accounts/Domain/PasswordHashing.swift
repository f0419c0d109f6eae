/// What a comparison of a password with a hash has shown.
package enum PasswordVerification: Hashable, Sendable {
    /// It is another password.
    case mismatch
    /// It is the password; `needsRehash` tells that the hash was made with lesser parameters than today's.
    case match(needsRehash: Bool)
}

/// Makes and checks hashes of passwords, slowly on purpose.
///
/// Every method blocks for milliseconds and may wait for a permit before, so
/// none may be called inside a transaction. Every method throws
/// `DomainError.overloaded` when too many wait already, and a fault when
/// memory runs out.
package protocol PasswordHashing {
    /// Hashes a password with today's parameters and a new salt.
    func hash(_ password: Password) throws -> PasswordHash

    /// Compares a password with a hash, in a time that does not depend on the password.
    ///
    /// A hash in an unknown format is a fault, not a mismatch.
    func verify(_ password: Password, against hash: PasswordHash) throws -> PasswordVerification

    /// Takes as long, and throws as often, as `verify` with today's parameters does.
    ///
    /// For accounts that do not exist or have no password, so that the time of
    /// an answer does not tell which addresses are known.
    func verifyDecoy(_ password: Password) throws
}
