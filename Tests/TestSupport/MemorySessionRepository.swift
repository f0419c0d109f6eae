import Domain

/// The sessions of a store in memory.
struct MemorySessionRepository: SessionRepository {
    let transaction: MemoryTransaction

    func insert(_ session: Session, tokenDigest: TokenDigest) throws {
        guard transaction.state.users[session.userID] != nil else { throw MemoryFault.sessionWithoutUser }
        guard transaction.state.sessions[session.id] == nil, try find(tokenDigest) == nil else {
            throw MemoryFault.sessionTwice
        }
        transaction.state.sessions[session.id] = MemoryState.StoredSession(session: session, tokenDigest: tokenDigest)
    }

    func find(_ tokenDigest: TokenDigest) throws -> (session: Session, user: User)? {
        guard let session = transaction.state.sessions.values.first(where: { $0.tokenDigest == tokenDigest })?.session,
            let user = transaction.state.users[session.userID]?.user
        else { return nil }
        return (session, user)
    }

    func list(of userID: UserID, at instant: Timestamp) throws -> [Session] {
        sessions(of: userID).filter { $0.expiresAt > instant }.sorted { $0.id > $1.id }
    }

    func list(of userIDs: [UserID], at instant: Timestamp) throws -> [Session] {
        try Set(userIDs).flatMap { try list(of: $0, at: instant) }
    }

    func find(_ ids: [SessionID]) throws -> [Session] {
        Set(ids).compactMap { transaction.state.sessions[$0]?.session }
    }

    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws {
        guard let session = transaction.state.sessions[id]?.session, session.lastSeenAt < lastSeenAt else { return }
        transaction.state.sessions[id]?.session.lastSeenAt = lastSeenAt
        transaction.state.sessions[id]?.session.expiresAt = expiresAt
    }

    func delete(_ id: SessionID) throws -> Bool {
        transaction.state.sessions.removeValue(forKey: id) != nil
    }

    func delete(_ id: SessionID, of userID: UserID) throws -> Bool {
        guard transaction.state.sessions[id]?.session.userID == userID else { return false }
        return try delete(id)
    }

    func deleteAll(of userID: UserID) throws {
        transaction.state.sessions = transaction.state.sessions.filter { $0.value.session.userID != userID }
    }

    func deleteAll(of userID: UserID, except kept: SessionID) throws {
        transaction.state.sessions = transaction.state.sessions.filter { id, stored in
            stored.session.userID != userID || id == kept
        }
    }

    func prune(of userID: UserID, keeping limit: Int) throws {
        let sorted = sessions(of: userID).sorted { ($0.lastSeenAt, $0.id) > ($1.lastSeenAt, $1.id) }
        let kept = Set(sorted.prefix(limit).map(\.id))
        transaction.state.sessions = transaction.state.sessions.filter { id, stored in
            stored.session.userID != userID || kept.contains(id)
        }
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let expired = transaction.state.sessions.values.map(\.session).filter { $0.expiresAt < instant }
            .sorted { $0.expiresAt < $1.expiresAt }.prefix(limit)
        for session in expired { transaction.state.sessions[session.id] = nil }
        return expired.count
    }

    private func sessions(of userID: UserID) -> [Session] {
        transaction.state.sessions.values.map(\.session).filter { $0.userID == userID }
    }
}
