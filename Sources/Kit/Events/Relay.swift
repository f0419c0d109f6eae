/// Tells one consumer of the events of an outbox: at least once, those of one subject in their order.
///
/// It works in rounds: read the next events, deliver them, settle. Killed at any moment, it delivers again what it had not
/// settled; nothing is lost. An event that is refused is held with all later ones of its subject, and tried again after a
/// while; the others go on. A consumer that is unavailable is waited for. What was tried for too long is given up, and
/// stays as a dead letter until somebody has it told again; then those behind it go on without it.
public struct Relay<Store: Outbox, Receiver: Consumer> where Receiver.Transaction == Store.Transaction {
    private let store: Store
    private let consumer: Receiver
    private let policy: RetryPolicy
    private let batch: Int
    private let roundTime: Int64
    private let now: () -> Int64
    private let chance: () -> Double

    /// Gathers what it needs.
    ///
    /// - Parameters:
    ///   - store: the events, for the thread that uses this.
    ///   - consumer: who is told.
    ///   - policy: when what failed is tried again.
    ///   - batch: the most events of a round, which are delivered again after a kill.
    ///   - roundTime: for so many microseconds a round takes up further events.
    ///   - now: microseconds since 1970.
    ///   - chance: a number from 0 to 1.
    public init(
        _ store: Store,
        to consumer: Receiver,
        policy: RetryPolicy = RetryPolicy(),
        batch: Int = 100,
        roundTime: Int64 = 1_000_000,
        now: @escaping () -> Int64,
        chance: @escaping () -> Double = { .random(in: 0...1) }
    ) {
        self.store = store
        self.consumer = consumer
        self.policy = policy
        self.batch = batch
        self.roundTime = roundTime
        self.now = now
        self.chance = chance
    }

    /// Does one round.
    ///
    /// - Parameter isStopping: asked before each delivery, and by those that take long; what was done until then is settled.
    /// - Returns: what is to be done next.
    /// - Throws: a fault of the store; what was delivered in the round may be delivered again.
    public func round(isStopping: @escaping () -> Bool = { false }) throws -> RelayProgress {
        guard let place = try store.place(of: consumer.name) else { return .gone }
        let start = now()
        guard place.dueAt <= start else { return .idle(until: place.dueAt) }
        var round = Round(
            settlement: Settlement(consumer: consumer.name, expected: place, instant: start),
            isStopping: isStopping
        )
        let due = try store.due(for: consumer.name, at: start, limit: batch)
        for held in due {
            if round.isInterrupted {
                giveUpWithoutTrying(held, &round)
            } else if goesOn(round, since: start) {
                retry(held, &round)
            }
        }
        let events = round.isInterrupted ? [] : try store.events(after: place.sequence, limit: batch)
        try takeUp(events, &round, since: start)
        guard !due.isEmpty || !events.isEmpty else {
            return .idle(until: try store.nextDue(for: consumer.name))
        }
        guard try store.settle(round.settlement, effects: { try consumer.record(round.attempts, in: $0) }) else {
            return .superseded
        }
        return .more
    }

    // MARK: - Steps of a round

    private struct Round {
        var settlement: Settlement
        let isStopping: () -> Bool
        var attempts: [Attempt] = []
        /// Whether the consumer was found to be unavailable.
        var isInterrupted = false
    }

    private func goesOn(_ round: Round, since start: Int64) -> Bool {
        !round.isInterrupted && !round.isStopping() && (round.attempts.isEmpty || now() - start < roundTime)
    }

    /// Tries what is held once more.
    private func retry(_ held: HeldEvent, _ round: inout Round) {
        var held = held
        held.attempts += 1
        switch deliver(held.event, attempt: held.attempts, &round) {
        case nil: break
        case .done?:
            round.settlement.released.append(held.event)
            round.settlement.promoted.insert(held.event.subject)
        case .refused(let reason)?:
            held.reason = reason
            let instant = now()
            if instant - held.since >= policy.lifetime {
                giveUp(held, at: instant, &round)
            } else {
                held.state = .due(at: instant + policy.delay(after: held.attempts, chance: chance()))
                round.settlement.held.append(held)
            }
        case .rejected(let reason)?:
            held.reason = reason
            giveUp(held, at: now(), &round)
        case .unavailable(let reason)?:
            // Not this event's fault: it stays due, unless its time is over.
            held.reason = reason
            giveUpWithoutTrying(held, &round)
        }
    }

    /// Gives up what has been held for too long, where the consumer is unavailable.
    private func giveUpWithoutTrying(_ held: HeldEvent, _ round: inout Round) {
        let instant = now()
        if instant - held.since >= policy.lifetime { giveUp(held, at: instant, &round) }
    }

    private func giveUp(_ held: HeldEvent, at instant: Int64, _ round: inout Round) {
        var held = held
        held.state = .givenUp(at: instant)
        round.settlement.held.append(held)
        round.settlement.promoted.insert(held.event.subject)
        if let last = round.attempts.indices.last, round.attempts[last].event.sequence == held.event.sequence {
            round.attempts[last].isLast = true
        }
    }

    /// Takes up events that come after the place.
    private func takeUp(_ events: [Event], _ round: inout Round, since start: Int64) throws {
        guard !events.isEmpty else { return }
        var held = try store.heldSubjects(of: consumer.name, among: Set(events.map(\.subject)))
        for event in events {
            guard consumer.takes(event) else {
                round.settlement.place.sequence = event.sequence
                continue
            }
            if held.contains(event.subject) {
                round.settlement.held.append(
                    HeldEvent(event: event, attempts: 0, since: now(), state: .behind, reason: "")
                )
            } else {
                guard goesOn(round, since: start) else { break }
                switch deliver(event, attempt: 1, &round) {
                case nil: return
                case .done?: break
                case .refused(let reason)?:
                    held.insert(event.subject)
                    hold(event, reason, &round)
                case .rejected(let reason)?:
                    let instant = now()
                    let rejected = HeldEvent(event: event, attempts: 1, since: instant, state: .behind, reason: reason)
                    giveUp(rejected, at: instant, &round)
                case .unavailable(let reason)?:
                    abandon(events.drop { $0.sequence < event.sequence }, reason, &round)
                    return
                }
            }
            round.settlement.place.sequence = event.sequence
        }
    }

    private func hold(_ event: Event, _ reason: String, _ round: inout Round) {
        let instant = now()
        let due = instant + policy.delay(after: 1, chance: chance())
        round.settlement.held.append(
            HeldEvent(event: event, attempts: 1, since: instant, state: .due(at: due), reason: reason)
        )
    }

    /// Gives those up that are too old, where the consumer has been unavailable for long.
    private func abandon(_ events: some Sequence<Event>, _ reason: String, _ round: inout Round) {
        let instant = now()
        guard let since = round.settlement.place.failingSince, instant - since >= policy.lifetime else { return }
        for event in events {
            guard instant - event.microseconds >= policy.lifetime else { return }
            let isTried = round.attempts.last?.event.sequence == event.sequence
            giveUp(
                HeldEvent(
                    event: event,
                    attempts: isTried ? round.settlement.place.failures : 0,
                    since: since,
                    state: .behind,
                    reason: reason
                ),
                at: instant,
                &round
            )
            round.settlement.place.sequence = event.sequence
        }
    }

    /// Nil where the delivery was ended with the relay: that says nothing of the consumer, and gives nothing up.
    private func deliver(_ event: Event, attempt: Int, _ round: inout Round) -> Delivery? {
        let delivery = consumer.deliver(event, attempt: attempt, until: round.isStopping)
        if case .unavailable = delivery, round.isStopping() { return nil }
        round.attempts.append(Attempt(event: event, number: attempt, delivery: delivery))
        if case .unavailable(let reason) = delivery {
            round.isInterrupted = true
            let instant = now()
            round.settlement.place.failures += 1
            round.settlement.place.failingSince = round.settlement.place.failingSince ?? instant
            round.settlement.place.dueAt =
                instant + policy.delay(after: round.settlement.place.failures, chance: chance())
            round.settlement.place.reason = reason
        } else {
            round.settlement.place.failures = 0
            round.settlement.place.failingSince = nil
            round.settlement.place.dueAt = 0
            round.settlement.place.reason = ""
        }
        return delivery
    }
}

/// How far a relay has come with a round.
public enum RelayProgress: Hashable, Sendable {
    /// There may be more.
    case more
    /// Nothing is to be done until there is an event, or until this instant in microseconds since 1970.
    case idle(until: Int64?)
    /// Another relay settled in between: what this one did was not kept, and may be done again.
    case superseded
    /// The consumer is there no more.
    case gone
}
