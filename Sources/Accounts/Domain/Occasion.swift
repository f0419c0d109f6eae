/// On what occasion something happened: who did it, when, and by which request.
///
/// Made before the transaction, which may run twice and draws no random bits.
package struct Occasion: Sendable {
    private let actor: Actor
    private let instant: Timestamp
    private let origin: RequestOrigin
    private let seed: (UInt64, UInt64)

    /// Takes who, when and from where.
    package init(at instant: Timestamp, by actor: Actor, from origin: RequestOrigin, _ random: any RandomSource) {
        self.actor = actor
        self.instant = instant
        self.origin = origin
        seed = (random.next(), random.next())
    }

    /// What happened on it, in this order.
    ///
    /// The ids are those of one random number counted up (RFC 9562, section 6.2, method 2). To be called once in a
    /// transaction.
    package func events(_ happenings: [Happening]) -> [NewEvent] {
        happenings.enumerated().map { number, happening in
            NewEvent(
                id: UUID(
                    milliseconds: UInt64(clamping: instant.microseconds / 1000),
                    random: (seed.0, seed.1 &+ UInt64(number))
                ),
                happening: happening,
                instant: instant,
                actor: actor,
                origin: origin
            )
        }
    }
}

/// An event that is to be stored with the change that brings it about.
package struct NewEvent: Hashable, Sendable {
    /// By what it is known again.
    package let id: UUID
    /// What happened.
    package let happening: Happening
    /// When.
    package let instant: Timestamp
    /// Who did it.
    package let actor: Actor
    /// By which request.
    package let origin: RequestOrigin
}
