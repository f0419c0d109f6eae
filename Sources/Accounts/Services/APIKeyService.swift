package import Domain

/// What can be done with API keys.
///
/// What changes something is made once, and answered as `answering` says; by
/// itself it gives what was made.
///
/// Beside what they name, all methods throw `DomainError.unavailable` when the
/// store is too busy, and faults. Blocking; for one thread at a time, as what
/// it is made of.
package struct APIKeyService {
    private let unitOfWork: any UnitOfWork
    private let digests: any TokenDigesting
    private let clock: any Clock
    private let random: any RandomSource
    private let report: (any Error) -> Void

    /// Puts the service together; `report` is told, for the log, of a use that could not be noted.
    package init(
        unitOfWork: any UnitOfWork,
        digests: any TokenDigesting,
        clock: any Clock,
        random: any RandomSource,
        report: @escaping (any Error) -> Void
    ) {
        self.unitOfWork = unitOfWork
        self.digests = digests
        self.clock = clock
        self.random = random
        self.report = report
    }

    /// Makes a key of the caller.
    ///
    /// Throws `sessionRequired` to a caller with a key, `unauthenticated` if the
    /// session has ended meanwhile, `validation` if the key would have expired
    /// already, and `tooManyKeys`.
    package func create<Answer>(
        _ newKey: NewAPIKey,
        by caller: Principal,
        answering: Answering<IssuedAPIKey, Answer> = Answering<IssuedAPIKey, IssuedAPIKey>.plain
    ) throws -> Answer {
        guard let sessionID = caller.sessionID else { throw DomainError.sessionRequired }
        let now = clock.now()
        let key = APIKey(
            id: APIKeyID(at: now, from: random),
            userID: caller.user.id,
            name: newKey.name,
            access: newKey.access,
            createdAt: now,
            expiresAt: newKey.expiresAt
        )
        guard !key.isOver(at: now) else {
            throw DomainError.validation([FieldError(field: "expires_at", message: "must be in the future")])
        }
        let token = APIKeyToken(from: random)
        let tokenDigest = digests.digest(of: token.text)
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            // A session that was ended must not outlive itself in a key.
            guard try transaction.sessions.list(of: key.userID, at: now).contains(where: { $0.id == sessionID }) else {
                throw DomainError.unauthenticated
            }
            guard try transaction.keys.count(of: key.userID) < APIKey.mostPerUser else { throw DomainError.tooManyKeys }
            try transaction.keys.insert(key, tokenDigest: tokenDigest)
            try transaction.events.append(occasion.events([.keyCreated(key)]))
            return IssuedAPIKey(key: key, token: token)
        }
    }

    /// Finds out who calls by the token of a key.
    ///
    /// The use is noted at most once in `APIKey.touchSeconds`; that this fails
    /// does not fail the request. Throws `unauthenticated` for what is no token
    /// of a present key, and `keyExpired` for that of one that has ended by
    /// itself.
    package func authenticate(_ token: String) throws -> Principal {
        guard let token = APIKeyToken(token) else { throw DomainError.unauthenticated }
        let now = clock.now()
        let tokenDigest = digests.digest(of: token.text)
        let found = try unitOfWork.lookUp { try $0.keys.find(tokenDigest) }
        guard let (key, user) = found, user.status == .active else { throw DomainError.unauthenticated }
        guard !key.isOver(at: now) else { throw DomainError.keyExpired }
        if key.needsTouch(at: now) {
            note(key.id, now)
        }
        return Principal(user: user, credential: .key(key.id, key.access))
    }

    /// The keys of a user, expired ones too, the newest first; `APIKey.mostPerUser` at most.
    ///
    /// Throws `notFound` if there is no such user, or none that the caller may see.
    package func list(of userID: UserID, by caller: some Caller) throws -> [APIKey] {
        guard caller.reaches(userID) else { throw DomainError.notFound }
        return try unitOfWork.read { transaction in
            guard try transaction.users.find(userID) != nil else { throw DomainError.notFound }
            return try transaction.keys.list(of: userID)
        }
    }

    /// The keys of several users, expired ones too, the newest first; `APIKey.mostPerUser` at most of each.
    ///
    /// One query, however many users there are. Those that the caller may not see, and users that there are not, have none.
    package func lists(of userIDs: [UserID], by caller: some Caller) throws -> [UserID: [APIKey]] {
        let reached = userIDs.filter(caller.reaches)
        guard !reached.isEmpty else { return [:] }
        let found = try unitOfWork.read { try $0.keys.list(of: reached) }
        return Dictionary(grouping: found, by: \.userID)
    }

    /// Those of these keys that the caller may see, expired ones too.
    ///
    /// One query, however many ids there are.
    package func find(_ ids: [APIKeyID], by caller: some Caller) throws -> [APIKey] {
        guard !ids.isEmpty else { return [] }
        let found = try unitOfWork.read { try $0.keys.find(ids) }
        return found.filter { caller.reaches($0.userID) }
    }

    /// Ends one of the caller's own keys.
    ///
    /// Throws `notFound` if the caller has no such key, and `readOnlyKey`.
    package func end<Answer>(
        _ id: APIKeyID,
        by caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        try end(id, of: caller.user.id, by: caller, answering: answering)
    }

    /// Ends one key of a user.
    ///
    /// Throws `notFound` if the user has no such key, or is none that the
    /// caller may see, and `readOnlyKey`.
    package func end<Answer>(
        _ id: APIKeyID,
        of userID: UserID,
        by caller: some Caller,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard caller.reaches(userID) else { throw DomainError.notFound }
        try caller.checkMayChange()
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.keys.delete(id, of: userID) else { throw DomainError.notFound }
            try transaction.events.append(occasion.events([.keyEnded(userID, id)]))
        }
    }

    /// Ends all keys of a user.
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
            try transaction.keys.deleteAll(of: userID)
            try transaction.events.append(occasion.events([.keyEnded(userID, nil)]))
        }
    }

    private func note(_ id: APIKeyID, _ now: Timestamp) {
        do {
            try unitOfWork.perform { try $0.keys.touch(id, lastUsedAt: now) }
        } catch {
            report(error)
        }
    }
}
