/// An event as those see it who look after the accounts: with who did it, from where, and by which request.
package struct AuditRecord: Hashable, Sendable {
    /// Its place in the log.
    package let sequence: Int64
    /// By what it is known again.
    package let id: UUID
    /// What happened: an ``EventType``, or one of another version of the program.
    package let type: String
    /// When.
    package let instant: Timestamp
    /// Whom or what it concerns.
    package let subject: UUID
    /// Who did it.
    package let actor: Actor
    /// By which request.
    package let origin: RequestOrigin
    /// What else there is to know, as a JSON object.
    package let data: String

    /// Takes all members, as they are stored.
    package init(
        sequence: Int64,
        id: UUID,
        type: String,
        instant: Timestamp,
        subject: UUID,
        actor: Actor,
        origin: RequestOrigin,
        data: String
    ) {
        self.sequence = sequence
        self.id = id
        self.type = type
        self.instant = instant
        self.subject = subject
        self.actor = actor
        self.origin = origin
        self.data = data
    }

    /// Where it stands in lists.
    package var position: AuditPosition { AuditPosition(instant: instant, sequence: sequence) }
}

/// A place in the lists of the audit, which begin with the newest.
package struct AuditPosition: Hashable, Sendable {
    /// When it happened.
    package let instant: Timestamp
    /// Its place in the log.
    package let sequence: Int64

    /// Takes both.
    package init(instant: Timestamp, sequence: Int64) {
        self.instant = instant
        self.sequence = sequence
    }
}

/// A part of the audit: the newest first.
package struct AuditSlice: Hashable, Sendable {
    /// What is wanted of it; one at most, so that an index serves it.
    package enum Filter: Hashable, Sendable {
        /// Everything.
        case everything
        /// What concerns one user, or another subject.
        case subject(UUID)
        /// What one user did.
        case actor(UserID)
        /// What is of one type.
        case type(String)
    }

    /// What is wanted.
    package let filter: Filter
    /// Only what happened later than this.
    package let after: Timestamp
    /// Only what stands behind this.
    package let before: AuditPosition
    /// So many at most.
    package let limit: Int

    /// Takes what is wanted: everything, unless it is said.
    package init(
        _ filter: Filter = .everything,
        after: Timestamp = Timestamp(microseconds: .min),
        before: AuditPosition = AuditPosition(instant: Timestamp(microseconds: .max), sequence: .max),
        limit: Int
    ) {
        self.filter = filter
        self.after = after
        self.before = before
        self.limit = limit
    }
}
