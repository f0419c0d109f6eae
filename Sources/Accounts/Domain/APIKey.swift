/// A key that a program uses in the place of its user, until it expires, is deleted, or its user is disabled or deleted.
package struct APIKey: Hashable, Sendable {
    /// How many keys a user has at most, so that their list is one page.
    package static let mostPerUser = 100

    /// Seconds that pass at least between two notes of a key's use, so that not every request writes.
    package static let touchSeconds: Int64 = 300

    /// Which key it is; no secret.
    package let id: APIKeyID

    /// Whose key it is.
    package let userID: UserID

    /// What its user calls it.
    package let name: APIKeyName

    /// What may be done with it.
    package let access: APIKeyAccess

    /// When it was made.
    package let createdAt: Timestamp

    /// When it was last used, give or take `touchSeconds`; nil if never.
    package var lastUsedAt: Timestamp?

    /// When it ends by itself; nil if never.
    package let expiresAt: Timestamp?

    /// Takes all members.
    package init(
        id: APIKeyID,
        userID: UserID,
        name: APIKeyName,
        access: APIKeyAccess,
        createdAt: Timestamp,
        lastUsedAt: Timestamp? = nil,
        expiresAt: Timestamp?
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.access = access
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
    }

    /// Whether it has ended by itself.
    package func isOver(at instant: Timestamp) -> Bool {
        expiresAt.map { instant >= $0 } ?? false
    }

    /// Whether a use at `instant` is to be noted, because the last one was not noted a short time ago.
    package func needsTouch(at instant: Timestamp) -> Bool {
        lastUsedAt.map { instant >= $0.adding(seconds: Self.touchSeconds) } ?? true
    }
}
