import Events

/// An outbox in memory, of which a test decides at which step its process is killed.
final class MemoryOutbox: Outbox {
    /// That the process is killed.
    struct Killed: Error {}

    /// What consumers do in the store: the events whose effect is there.
    final class Effects {
        var events: [Event] = []
    }

    private(set) var events: [Event] = []
    private(set) var places: [String: Place] = [:]
    private(set) var held: [String: [Int64: HeldEvent]] = [:]
    private(set) var effects = Effects()

    /// After so many more steps the process is killed; nil: it lives.
    var stepsToLive: Int?

    func append(subject: String, at instant: Int64 = 0) {
        let sequence = Int64(events.count + 1)
        events.append(
            Event(
                sequence: sequence,
                id: "id-\(sequence)",
                type: "thing.changed.v1",
                microseconds: instant,
                subject: subject,
                traceparent: nil,
                data: "{}"
            )
        )
    }

    func begin(_ consumer: String) { places[consumer] = Place(sequence: 0) }

    func end(_ consumer: String) { places[consumer] = nil }

    private func step() throws {
        guard let steps = stepsToLive else { return }
        guard steps > 0 else { throw Killed() }
        stepsToLive = steps - 1
    }

    func place(of consumer: String) throws -> Place? {
        try step()
        return places[consumer]
    }

    func events(after sequence: Int64, limit: Int) throws -> [Event] {
        try step()
        return Array(events.filter { $0.sequence > sequence }.prefix(limit))
    }

    func due(for consumer: String, at instant: Int64, limit: Int) throws -> [HeldEvent] {
        try step()
        let due = waiting(consumer).filter { $0.dueAt.map { $0 <= instant } ?? false }
        return Array(
            due.sorted { ($0.dueAt ?? 0, $0.event.sequence) < ($1.dueAt ?? 0, $1.event.sequence) }.prefix(limit)
        )
    }

    func nextDue(for consumer: String) throws -> Int64? {
        try step()
        return waiting(consumer).compactMap(\.dueAt).min()
    }

    func heldSubjects(of consumer: String, among subjects: Set<String>) throws -> Set<String> {
        try step()
        return Set(waiting(consumer).map(\.event.subject)).intersection(subjects)
    }

    func settle(_ settlement: Settlement, effects body: (Effects) throws -> Void) throws -> Bool {
        try step()
        guard places[settlement.consumer]?.turn == settlement.expected.turn else { return false }
        var held = held[settlement.consumer] ?? [:]
        for event in settlement.released { held[event.sequence] = nil }
        for event in settlement.held { held[event.event.sequence] = event }
        for subject in settlement.promoted {
            let first = held.values.filter { $0.event.subject == subject && !$0.isGivenUp }
                .min { $0.event.sequence < $1.event.sequence }
            guard let first, first.state == .behind else { continue }
            held[first.event.sequence]?.state = .due(at: settlement.instant)
        }
        // The transaction runs once in vain.
        try body(Effects())
        try body(effects)
        self.held[settlement.consumer] = held
        places[settlement.consumer] = settlement.place
        // Killed between the commit and whatever comes next.
        try step()
        return true
    }

    func deadLetters(of consumer: String) -> [Int64] {
        (held[consumer] ?? [:]).values.filter(\.isGivenUp).map(\.event.sequence).sorted()
    }

    private func waiting(_ consumer: String) -> [HeldEvent] {
        (held[consumer] ?? [:]).values.filter { !$0.isGivenUp }
    }
}

extension HeldEvent {
    var dueAt: Int64? { if case .due(let instant) = state { instant } else { nil } }
    var isGivenUp: Bool { if case .givenUp = state { true } else { false } }
}

/// A consumer of a test, which writes down what it was told.
final class Receiver: Consumer {
    let name = "receiver"
    /// Everything that was delivered and taken, in order, with what was delivered again.
    private(set) var taken: [Event] = []
    private(set) var attempts: [Int64] = []
    /// What becomes of an event.
    var answer: (Event, Int) -> Delivery = { _, _ in .done }
    var wants: (Event) -> Bool = { _ in true }

    func takes(_ event: Event) -> Bool { wants(event) }

    func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery {
        attempts.append(event.sequence)
        let delivery = answer(event, attempt)
        if delivery == .done { taken.append(event) }
        return delivery
    }

    func record(_ attempts: [Attempt], in effects: MemoryOutbox.Effects) throws {
        effects.events += attempts.filter { $0.delivery == .done }.map(\.event)
    }
}
