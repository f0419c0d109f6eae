import Domain

/// What is confirmed by mail, in a store in memory.
struct MemoryConfirmationRepository: ConfirmationRepository {
    let transaction: MemoryTransaction

    func insert(_ confirmation: Confirmation, tokenDigest: TokenDigest) throws {
        guard confirmation.userID.map({ transaction.state.users[$0] != nil }) ?? true else {
            throw MemoryFault.confirmationWithoutUser
        }
        guard try find(confirmation.id) == nil, try find(tokenDigest) == nil else {
            throw MemoryFault.confirmationTwice
        }
        transaction.state.confirmations[confirmation.id] = MemoryState.StoredConfirmation(
            confirmation: confirmation,
            tokenDigest: tokenDigest
        )
    }

    func find(_ id: ConfirmationID) throws -> (confirmation: Confirmation, tokenDigest: TokenDigest)? {
        transaction.state.confirmations[id].map { ($0.confirmation, $0.tokenDigest) }
    }

    func find(_ tokenDigest: TokenDigest) throws -> Confirmation? {
        transaction.state.confirmations.values.first { $0.tokenDigest == tokenDigest }?.confirmation
    }

    func confirm(_ id: ConfirmationID, at instant: Timestamp) throws {
        transaction.state.confirmations[id]?.confirmation.confirmedAt = instant
    }

    func deleteAll(of userID: UserID, for purposes: [Confirmation.Purpose]) throws {
        delete { $0.userID == userID && purposes.contains($0.purpose) }
    }

    func deleteAll(to email: EmailAddress, for purpose: Confirmation.Purpose) throws {
        delete { $0.email.folded == email.folded && $0.purpose == purpose }
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let expired = transaction.state.confirmations.values.map(\.confirmation)
            .filter { $0.expiresAt < instant }.sorted { $0.expiresAt < $1.expiresAt }.prefix(limit)
        for confirmation in expired { transaction.state.confirmations[confirmation.id] = nil }
        return expired.count
    }

    func setVerified(_ email: EmailAddress, of userID: UserID, at instant: Timestamp) throws {
        guard transaction.state.users[userID] != nil else { throw MemoryFault.confirmationWithoutUser }
        transaction.state.verified[userID] = MemoryState.VerifiedAddress(folded: email.folded, instant: instant)
    }

    func verifiedAt(_ email: EmailAddress, of userID: UserID) throws -> Timestamp? {
        transaction.state.verified[userID].flatMap { $0.folded == email.folded ? $0.instant : nil }
    }

    private func delete(where isMeant: (Confirmation) -> Bool) {
        transaction.state.confirmations = transaction.state.confirmations.filter { !isMeant($0.value.confirmation) }
    }
}
