package import Domain

/// What can be done with sessions.
///
/// What changes something is made once, and answered as `answering` says; by
/// itself it gives what was made.
///
/// Beside what they name, all methods throw `DomainError.unavailable` when the
/// store or the hasher is too busy, and faults. Blocking; for one thread at a
/// time, as what it is made of.
package struct SessionService {
    private let unitOfWork: any UnitOfWork
    private let passwords: any PasswordHashing
    private let digests: any TokenDigesting
    private let clock: any Clock
    private let random: any RandomSource
    private let policy: SessionPolicy
    private let report: (any Error) -> Void

    /// Puts the service together.
    ///
    /// `report` is told, for the log, of errors that a request survives: a use
    /// that could not be noted, a password that could not be hashed again.
    package init(
        unitOfWork: any UnitOfWork,
        passwords: any PasswordHashing,
        digests: any TokenDigesting,
        clock: any Clock,
        random: any RandomSource,
        policy: SessionPolicy,
        report: @escaping (any Error) -> Void
    ) {
        self.unitOfWork = unitOfWork
        self.passwords = passwords
        self.digests = digests
        self.clock = clock
        self.random = random
        self.policy = policy
        self.report = report
    }

    /// Begins a session of the user with this address and this password.
    ///
    /// Who has `SessionPolicy.mostPerUser` already, ended ones among them, loses
    /// the one that was used longest ago.
    ///
    /// Throws `invalidCredentials`, after the same work, for an unknown address,
    /// a wrong password and an account without a password; `accountDisabled`
    /// only after the right password. A hash made with lesser parameters than
    /// today's is made anew on the way.
    package func signIn<Answer>(
        email: String,
        password: String,
        from origin: SessionOrigin,
        answering: Answering<SignedIn, Answer> = Answering<SignedIn, SignedIn>.plain
    ) throws -> Answer {
        let now = clock.now()
        // No account can have such a password, whatever the address is: nothing is told by refusing it at once.
        guard let password = try? Password(attempt: password) else { throw DomainError.invalidCredentials }
        let token = SessionToken(from: random)
        let tokenDigest = digests.digest(of: token.text)
        let id = SessionID(at: now, from: random)
        for _ in 0..<Self.tries {
            let proof = try verify(email: email, password: password)
            let session = Session(id: id, of: proof.user.id, at: now, from: origin, under: policy)
            let actor = Actor.user(proof.user.id, by: .session(id))
            let occasion = Occasion(at: now, by: actor, from: answering.origin, random)
            do {
                return try unitOfWork.perform(answering) { transaction in
                    guard let stored = try transaction.users.credentials(of: proof.user.id),
                        stored.user.status == .active,
                        stored.passwordHash == proof.verifiedHash
                    else { throw AccountChanged() }
                    if let newHash = proof.newHash {
                        try transaction.users.setPasswordHash(newHash, of: stored.user.id)
                    }
                    try transaction.sessions.prune(of: stored.user.id, keeping: SessionPolicy.mostPerUser - 1)
                    try transaction.sessions.insert(session, tokenDigest: tokenDigest)
                    try transaction.events.append(occasion.events([.signedIn(stored.user.id, id)]))
                    return SignedIn(session: session, token: token, user: stored.user)
                }
            } catch is AccountChanged {
                continue
            }
        }
        throw DomainError.unavailable("an account was changed during each of \(Self.tries) tries to sign in")
    }

    /// Finds out who calls by the token of a session, and prolongs the session.
    ///
    /// The use is noted at most once in the span that the policy names; that
    /// this fails does not fail the request. Throws `unauthenticated` for what
    /// is no token of a present session, and `sessionExpired` for the token of
    /// a session that has ended by itself.
    package func authenticate(_ token: String) throws -> Principal {
        guard let token = SessionToken(token) else { throw DomainError.unauthenticated }
        let now = clock.now()
        let tokenDigest = digests.digest(of: token.text)
        let found = try unitOfWork.lookUp { transaction in
            try transaction.sessions.find(tokenDigest)
        }
        guard let (session, user) = found, user.status == .active else { throw DomainError.unauthenticated }
        guard !session.isOver(at: now) else { throw DomainError.sessionExpired }
        if let touched = session.touched(at: now, under: policy) {
            note(touched)
        }
        return Principal(user: user, sessionID: session.id)
    }

    /// Ends the session that the caller came with; that it has ended meanwhile is no error.
    ///
    /// Throws `sessionRequired` to a caller with a key.
    package func signOut<Answer>(
        _ caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard let id = caller.sessionID else { throw DomainError.sessionRequired }
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.sessions.delete(id) else { return }
            try transaction.events.append(occasion.events([.signedOut(caller.user.id, id)]))
        }
    }

    /// The sessions of a user that have not ended, the newest first; `SessionPolicy.mostPerUser` at most.
    ///
    /// Throws `notFound` if there is no such user, or none that the caller may see.
    package func list(of userID: UserID, by caller: some Caller) throws -> [Session] {
        guard caller.reaches(userID) else { throw DomainError.notFound }
        let now = clock.now()
        return try unitOfWork.read { transaction in
            guard try transaction.users.find(userID) != nil else { throw DomainError.notFound }
            return try transaction.sessions.list(of: userID, at: now)
        }
    }

    /// The sessions of several users that have not ended, the newest first; `SessionPolicy.mostPerUser` at most of each.
    ///
    /// One query, however many users there are. Those that the caller may not see, and users that there are not, have none.
    package func lists(of userIDs: [UserID], by caller: some Caller) throws -> [UserID: [Session]] {
        let reached = userIDs.filter(caller.reaches)
        guard !reached.isEmpty else { return [:] }
        let now = clock.now()
        let found = try unitOfWork.read { try $0.sessions.list(of: reached, at: now) }
        return Dictionary(grouping: found, by: \.userID)
    }

    /// Those of these sessions that have not ended and that the caller may see.
    ///
    /// One query, however many ids there are.
    package func find(_ ids: [SessionID], by caller: some Caller) throws -> [Session] {
        guard !ids.isEmpty else { return [] }
        let now = clock.now()
        let found = try unitOfWork.read { try $0.sessions.find(ids) }
        return found.filter { caller.reaches($0.userID) && !$0.isOver(at: now) }
    }

    /// Ends one of the caller's own sessions.
    ///
    /// Throws `notFound` if the caller has no such session, and `readOnlyKey`.
    package func end<Answer>(
        _ id: SessionID,
        by caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        try end(id, of: caller.user.id, by: caller, answering: answering)
    }

    /// Ends one session of a user.
    ///
    /// Throws `notFound` if the user has no such session, or is none that the
    /// caller may see, and `readOnlyKey`.
    package func end<Answer>(
        _ id: SessionID,
        of userID: UserID,
        by caller: some Caller,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard caller.reaches(userID) else { throw DomainError.notFound }
        try caller.checkMayChange()
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.sessions.delete(id, of: userID) else { throw DomainError.notFound }
            try transaction.events.append(occasion.events([.signedOut(userID, id)]))
        }
    }

    /// Ends all sessions of a user; where it is the caller, also the one that the caller came with.
    ///
    /// Throws `notFound` if there is no such user, or none that the caller may
    /// see, and `readOnlyKey`.
    package func endAll<Answer>(
        of userID: UserID,
        by caller: some Caller,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard caller.reaches(userID) else { throw DomainError.notFound }
        try caller.checkMayChange()
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.users.find(userID) != nil else { throw DomainError.notFound }
            try transaction.sessions.deleteAll(of: userID)
            try transaction.events.append(occasion.events([.signedOut(userID, nil)]))
        }
    }

    private func note(_ session: Session) {
        do {
            try unitOfWork.perform { transaction in
                try transaction.sessions.touch(
                    session.id,
                    lastSeenAt: session.lastSeenAt,
                    expiresAt: session.expiresAt
                )
            }
        } catch {
            report(error)
        }
    }

    /// What was proved holds no longer.
    private struct AccountChanged: Error {}

    /// How often the password is verified anew because the account was changed in between.
    private static let tries = 3

    /// That a password is the one of a user, and of which hash this was found.
    private struct Proof {
        let user: User
        let verifiedHash: PasswordHash
        let newHash: PasswordHash?
    }

    private func verify(email: String, password: Password) throws -> Proof {
        let found = try unitOfWork.read { transaction -> UserCredentials? in
            guard let email = try? EmailAddress(email) else { return nil }
            return try transaction.users.credentials(for: email)
        }
        guard let found, let hash = found.passwordHash else {
            try passwords.verifyDecoy(password)
            throw DomainError.invalidCredentials
        }
        guard case .match(let needsRehash) = try passwords.verify(password, against: hash) else {
            throw DomainError.invalidCredentials
        }
        guard found.user.status == .active else { throw DomainError.accountDisabled }
        return Proof(user: found.user, verifiedHash: hash, newHash: needsRehash ? rehash(password) : nil)
    }

    private func rehash(_ password: Password) -> PasswordHash? {
        do {
            return try passwords.hash(password)
        } catch {
            report(error)
            return nil
        }
    }
}
