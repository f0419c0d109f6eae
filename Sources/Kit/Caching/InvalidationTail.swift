/// What was changed in a store, by whomever, in the order in which it became visible.
///
/// For one thread; blocking.
public protocol InvalidationLog {
    /// Reads what has become visible since a place, or only tells the present place.
    ///
    /// Nothing that was committed is left out however late its commit was, and what is given was committed before the place
    /// that is given with it. Throws a fault of the store.
    func read(after place: InvalidationPlace?) throws -> InvalidationReading
}

/// Up to where somebody has read an ``InvalidationLog``.
public struct InvalidationPlace: Hashable, Sendable {
    /// Which life of which store it is a place in: another one tells nothing of what was missed.
    public let origin: String
    /// What was visible, as the store writes it.
    public let visible: String

    /// Takes both as the store tells them.
    public init(origin: String, visible: String) {
        self.origin = origin
        self.visible = visible
    }
}

/// What was read of an ``InvalidationLog``.
public struct InvalidationReading: Sendable {
    /// Up to where.
    public let place: InvalidationPlace
    /// What has become old; nil where that is everything, or more than can be told.
    public let tags: [CacheTag]?

    /// Takes both.
    public init(place: InvalidationPlace, tags: [CacheTag]?) {
        self.place = place
        self.tags = tags
    }
}

/// Makes old what was changed by those whose processes share no memory with these, and lets caches give the rest.
///
/// Each look reads the log behind the last one, invalidates, and then extends the ``CacheLease``: so what a cache gives is
/// never older than `bound`, and mostly no older than the time between two looks. Where something may have been missed -
/// at the first look, in another life of the store, after an absence longer than the log is sure to be kept - everything
/// becomes old. For one thread.
public struct InvalidationTail<Log: InvalidationLog> {
    private let log: Log
    private let generations: any Generations
    private let lease: CacheLease
    private let bound: Int64
    private let longestAbsence: Int64
    private let now: () -> Int64
    private var last: (place: InvalidationPlace, begin: Int64)?

    /// Gathers what it needs.
    ///
    /// - Parameters:
    ///   - log: where the changes are told, for the thread that uses this.
    ///   - generations: what all caches of the machine hold by.
    ///   - lease: until when they may give what they hold.
    ///   - bound: for how long they may where nobody looks.
    ///   - longestAbsence: for how long the log is sure to be kept.
    ///   - now: nanoseconds of the caches' clock, which goes on while the machine sleeps.
    public init(
        _ log: Log,
        invalidating generations: any Generations,
        extending lease: CacheLease,
        bound: Duration,
        longestAbsence: Duration,
        now: @escaping () -> Int64
    ) {
        self.log = log
        self.generations = generations
        self.lease = lease
        self.bound = bound.nanoseconds
        self.longestAbsence = longestAbsence.nanoseconds
        self.now = now
    }

    /// Looks what has become visible since the last look.
    ///
    /// - Throws: A fault of the store; nothing is extended then, and the next look begins where this one did.
    public mutating func look() throws -> InvalidationLook {
        let begin = now()
        let reading = try log.read(after: last?.place)
        let mayHaveMissed =
            last.map { $0.place.origin != reading.place.origin || now() - $0.begin > longestAbsence } ?? true
        if !mayHaveMissed, let tags = reading.tags {
            if !tags.isEmpty { generations.invalidate(tags) }
        } else {
            generations.invalidateEverything()
        }
        // What was committed before this look began is old by now.
        lease.extend(until: begin + bound)
        last = (reading.place, begin)
        if mayHaveMissed { return .missed }
        return reading.tags?.isEmpty == true ? .nothing : .changes
    }
}

/// What a look at an ``InvalidationLog`` has come to.
public enum InvalidationLook: Hashable, Sendable {
    /// Nothing was changed.
    case nothing
    /// What was changed is old.
    case changes
    /// Nobody knows what was changed: everything is old.
    case missed
}
