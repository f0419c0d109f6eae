internal import Database
internal import Domain

/// What is confirmed by mail, in a database, for the length of one transaction.
struct SQLConfirmationRepository: ConfirmationRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func insert(_ confirmation: Confirmation, tokenDigest: TokenDigest) throws {
        try writing().submit(
            ConfirmationStatements.insert,
            confirmation.id,
            confirmation.purpose.rawValue,
            confirmation.userID,
            confirmation.email.text,
            confirmation.email.folded,
            confirmation.partnerID,
            tokenDigest.bytes,
            confirmation.createdAt,
            confirmation.expiresAt,
            confirmation.confirmedAt
        )
    }

    func find(_ id: ConfirmationID) throws -> (confirmation: Confirmation, tokenDigest: TokenDigest)? {
        try reader.row(ConfirmationStatements.find, id) { row in
            (try row.confirmation(), TokenDigest(bytes: try row.bytes(8)))
        }
    }

    func find(_ tokenDigest: TokenDigest) throws -> Confirmation? {
        try reader.row(ConfirmationStatements.findByToken, tokenDigest.bytes) { try $0.confirmation() }
    }

    func confirm(_ id: ConfirmationID, at instant: Timestamp) throws {
        try writing().execute(ConfirmationStatements.confirm, id, instant)
    }

    func deleteAll(of userID: UserID, for purposes: [Confirmation.Purpose]) throws {
        let transaction = try writing()
        for purpose in purposes {
            try transaction.execute(ConfirmationStatements.deleteOfUser, userID, purpose.rawValue)
        }
    }

    func deleteAll(to email: EmailAddress, for purpose: Confirmation.Purpose) throws {
        try writing().execute(ConfirmationStatements.deleteToAddress, email.folded, purpose.rawValue)
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        try writing().execute(ConfirmationStatements.deleteExpired, instant, limit)
    }

    func setVerified(_ email: EmailAddress, of userID: UserID, at instant: Timestamp) throws {
        try writing().execute(ConfirmationStatements.setVerified, userID, email.folded, instant)
    }

    func verifiedAt(_ email: EmailAddress, of userID: UserID) throws -> Timestamp? {
        try reader.row(ConfirmationStatements.verified, userID, email.folded) { try $0.timestamp(0) }
    }
}

extension Row {
    fileprivate func confirmation() throws -> Confirmation {
        guard let purpose = Confirmation.Purpose(rawValue: try string(1)) else {
            throw StorageFault("a confirmation has an unknown purpose")
        }
        return Confirmation(
            id: ConfirmationID(try uuid(0)),
            purpose: purpose,
            userID: isNull(2) ? nil : UserID(try uuid(2)),
            email: EmailAddress(stored: try string(3)),
            partnerID: isNull(4) ? nil : ConfirmationID(try uuid(4)),
            createdAt: try timestamp(5),
            expiresAt: try timestamp(6),
            confirmedAt: try optionalInt64(7).map(Timestamp.init(microseconds:))
        )
    }
}
