internal import Database
internal import Domain

/// Sessions in a database, for the length of one transaction.
struct SQLSessionRepository: SessionRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func insert(_ session: Session, tokenDigest: TokenDigest) throws {
        try writing().submit(
            SessionStatements.insert,
            session.id,
            session.userID,
            tokenDigest.bytes,
            session.createdAt,
            session.lastSeenAt,
            session.expiresAt,
            session.endsAt,
            session.origin.address,
            session.origin.userAgent
        )
    }

    func find(_ tokenDigest: TokenDigest) throws -> (session: Session, user: User)? {
        guard let cache else { return try load(tokenDigest) }
        return try cache.session(tokenDigest) { try load(tokenDigest) }
    }

    private func load(_ tokenDigest: TokenDigest) throws -> (session: Session, user: User)? {
        try reader.row(SessionStatements.find, tokenDigest.bytes) { row in
            let user = try row.user()
            return (try row.session(from: 8, of: user.id), user)
        }
    }

    func list(of userID: UserID, at instant: Timestamp) throws -> [Session] {
        try reader.rows(SessionStatements.list, userID, instant) { try $0.session(from: 0, of: userID) }
    }

    func list(of userIDs: [UserID], at instant: Timestamp) throws -> [Session] {
        guard let ids = IDList(userIDs) else { return [] }
        let found = try reader.rows(SessionStatements.listOfMany, ids.bytes, instant) { row in
            try row.session(from: 0, of: UserID(try row.uuid(7)))
        }
        // The ids begin with the millisecond of their creation.
        return found.sorted { $0.id > $1.id }
    }

    func find(_ ids: [SessionID]) throws -> [Session] {
        guard let ids = IDList(ids) else { return [] }
        return try reader.rows(SessionStatements.findMany, ids.bytes) { row in
            try row.session(from: 0, of: UserID(try row.uuid(7)))
        }
    }

    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws {
        try writing().submit(SessionStatements.touch, id, lastSeenAt, expiresAt)
    }

    func delete(_ id: SessionID) throws -> Bool {
        try writing().execute(SessionStatements.delete, id) == 1
    }

    func delete(_ id: SessionID, of userID: UserID) throws -> Bool {
        try writing().execute(SessionStatements.deleteOfUser, id, userID) == 1
    }

    func deleteAll(of userID: UserID) throws {
        try writing().submit(SessionStatements.deleteAll, userID)
    }

    func deleteAll(of userID: UserID, except kept: SessionID) throws {
        try writing().submit(SessionStatements.deleteOthers, userID, kept)
    }

    func prune(of userID: UserID, keeping limit: Int) throws {
        try writing().submit(SessionStatements.prune, userID, limit)
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let transaction = try writing()
        let ids = try transaction.rows(SessionStatements.expired, instant, limit) { SessionID(try $0.uuid(0)) }
        for id in ids { try transaction.submit(SessionStatements.delete, id) }
        return ids.count
    }
}

extension Row {
    /// Reads the columns of a session, which begin at `first`.
    fileprivate func session(from first: Int, of userID: UserID) throws -> Session {
        Session(
            id: SessionID(try uuid(first)),
            userID: userID,
            createdAt: try timestamp(first + 1),
            lastSeenAt: try timestamp(first + 2),
            expiresAt: try timestamp(first + 3),
            endsAt: try timestamp(first + 4),
            origin: SessionOrigin(address: try string(first + 5), userAgent: try string(first + 6))
        )
    }
}
