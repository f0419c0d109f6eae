/// A sign-in that lasts until it ends by itself, by its user or with its user.
package struct Session: Hashable, Sendable {
    /// Which session it is; no secret.
    package let id: SessionID

    /// Whose session it is.
    package let userID: UserID

    /// When the user signed in.
    package let createdAt: Timestamp

    /// When it was last used, give or take the span of `SessionPolicy.touchSeconds`.
    package var lastSeenAt: Timestamp

    /// When it ends if it is not used again; never after `endsAt`.
    package var expiresAt: Timestamp

    /// When it ends in any case.
    package let endsAt: Timestamp

    /// From where the user signed in.
    package let origin: SessionOrigin

    /// Takes all members, as they are stored.
    package init(
        id: SessionID,
        userID: UserID,
        createdAt: Timestamp,
        lastSeenAt: Timestamp,
        expiresAt: Timestamp,
        endsAt: Timestamp,
        origin: SessionOrigin
    ) {
        self.id = id
        self.userID = userID
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.endsAt = endsAt
        self.origin = origin
    }

    /// Begins a session of a user at `instant`.
    package init(
        id: SessionID,
        of userID: UserID,
        at instant: Timestamp,
        from origin: SessionOrigin,
        under policy: SessionPolicy
    ) {
        let endsAt = instant.adding(seconds: policy.totalSeconds)
        self.init(
            id: id,
            userID: userID,
            createdAt: instant,
            lastSeenAt: instant,
            expiresAt: min(instant.adding(seconds: policy.idleSeconds), endsAt),
            endsAt: endsAt,
            origin: origin
        )
    }

    /// Whether it has ended by itself.
    package func isOver(at instant: Timestamp) -> Bool {
        instant >= expiresAt || instant >= endsAt
    }

    /// The session as prolonged by use at `instant`, or nil while its last use was noted a short time ago.
    package func touched(at instant: Timestamp, under policy: SessionPolicy) -> Session? {
        guard instant >= lastSeenAt.adding(seconds: policy.touchSeconds) else { return nil }
        var session = self
        session.lastSeenAt = instant
        session.expiresAt = min(instant.adding(seconds: policy.idleSeconds), endsAt)
        return session
    }
}
