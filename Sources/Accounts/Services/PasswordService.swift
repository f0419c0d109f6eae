package import Domain

/// What users can do with their own passwords.
///
/// What changes something is made once, and answered as `answering` says; by
/// itself it gives what was made.
///
/// Blocking; for one thread at a time, as what it is made of.
package struct PasswordService {
    private let unitOfWork: any UnitOfWork
    private let passwords: any PasswordHashing
    private let commonPasswords: CommonPasswords
    private let clock: any Clock
    private let random: any RandomSource

    /// Puts the service together.
    package init(
        unitOfWork: any UnitOfWork,
        passwords: any PasswordHashing,
        commonPasswords: CommonPasswords,
        clock: any Clock,
        random: any RandomSource
    ) {
        self.unitOfWork = unitOfWork
        self.passwords = passwords
        self.commonPasswords = commonPasswords
        self.clock = clock
        self.random = random
    }

    /// Changes the caller's password and ends all other sessions of the caller; API keys stay.
    ///
    /// Throws `sessionRequired` to a caller with a key, `wrongPassword` if
    /// `current` is another than the present one, `validation` for a common
    /// password, `unavailable` if the account is changed at the same moment or
    /// the store or the hasher is too busy, and faults.
    package func change<Answer>(
        from current: String,
        to new: Password,
        by caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard let sessionID = caller.sessionID else { throw DomainError.sessionRequired }
        let now = clock.now()
        let verifiedHash = try verify(current, of: caller.user.id)
        try commonPasswords.refuse(new, in: "new", of: caller.user.email, named: caller.user.name)
        let newHash = try passwords.hash(new)
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard let stored = try transaction.users.credentials(of: caller.user.id),
                stored.user.status == .active,
                stored.passwordHash == verifiedHash
            else { throw DomainError.unavailable("an account was changed while its password was") }
            var user = stored.user
            user.updatedAt = now
            _ = try transaction.users.update(user)
            try transaction.users.setPasswordHash(newHash, of: user.id)
            try transaction.sessions.deleteAll(of: user.id, except: sessionID)
            try transaction.events.append(occasion.events([.passwordChanged(user.id)]))
        }
    }

    /// The stored hash, which is that of `current`.
    private func verify(_ current: String, of id: UserID) throws -> PasswordHash {
        // No account can have a password that is too long to be hashed.
        guard let current = try? Password(attempt: current) else { throw DomainError.wrongPassword }
        let stored = try unitOfWork.read { try $0.users.credentials(of: id) }
        guard let hash = stored?.passwordHash, try passwords.verify(current, against: hash) != .mismatch else {
            throw DomainError.wrongPassword
        }
        return hash
    }
}
