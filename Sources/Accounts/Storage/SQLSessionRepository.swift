internal import Database
internal import Domain

/// Sessions in a database, for the length of one transaction.
struct SQLSessionRepository: SessionRepository {
    let reader: DatabaseReader
    /// nil in a transaction that only reads.
    let transaction: DatabaseTransaction?

    func insert(_ session: Session, tokenDigest: TokenDigest) throws {
        try writing().execute(
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
        try reader.row(SessionStatements.find, tokenDigest.bytes) { row in
            let user = try row.user()
            let session = Session(
                id: SessionID(try row.uuid(8)),
                userID: user.id,
                createdAt: try row.timestamp(9),
                lastSeenAt: try row.timestamp(10),
                expiresAt: try row.timestamp(11),
                endsAt: try row.timestamp(12),
                origin: SessionOrigin(address: try row.string(13), userAgent: try row.string(14))
            )
            return (session, user)
        }
    }

    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws {
        try writing().execute(SessionStatements.touch, id, lastSeenAt, expiresAt)
    }

    func delete(_ id: SessionID) throws -> Bool {
        try writing().execute(SessionStatements.delete, id) == 1
    }

    func deleteAll(of userID: UserID) throws {
        try writing().execute(SessionStatements.deleteAll, userID)
    }

    private func writing() throws -> DatabaseTransaction {
        guard let transaction else { throw StorageFault("a transaction that reads was asked to change sessions") }
        return transaction
    }
}
