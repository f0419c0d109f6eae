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

    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws {
        guard let session = transaction.state.sessions[id]?.session, session.lastSeenAt < lastSeenAt else { return }
        transaction.state.sessions[id]?.session.lastSeenAt = lastSeenAt
        transaction.state.sessions[id]?.session.expiresAt = expiresAt
    }

    func delete(_ id: SessionID) throws -> Bool {
        transaction.state.sessions.removeValue(forKey: id) != nil
    }

    func deleteAll(of userID: UserID) throws {
        transaction.state.sessions = transaction.state.sessions.filter { $0.value.session.userID != userID }
    }
}
