import Events
import RandomTestSupport
import Testing

/// What a relay promises to one consumer, whatever happens meanwhile.
@Suite final class RelayTests {
    private static let second: Int64 = 1_000_000
    private static let hour = 3600 * second
    private static let day = 24 * hour

    private let store = MemoryOutbox()
    private let receiver = Receiver()
    private var now: Int64 = 1_000 * day

    private func relay(batch: Int = 100) -> Relay<MemoryOutbox, Receiver> {
        Relay(store, to: receiver, batch: batch, now: { [unowned self] in now }, chance: { 1 })
    }

    init() { store.begin("receiver") }

    /// Rounds until there is nothing more to do now.
    private func work(batch: Int = 100) throws {
        while try relay(batch: batch).round() == .more {}
    }

    /// The clock goes on to what comes next, until everything is done or given up.
    private func workToTheEnd() throws {
        while true {
            switch try relay().round() {
            case .more, .superseded: continue
            case .idle(let instant?): now = max(now, instant)
            case .idle(nil), .gone: return
            }
        }
    }

    @Test func `a consumer is told of everything once, in order, also in small rounds`() throws {
        for number in 0..<25 { store.append(subject: "s\(number % 3)") }
        try work(batch: 4)
        #expect(receiver.taken == store.events)
        #expect(store.effects.events == store.events)
        store.append(subject: "s0")
        try work()
        #expect(receiver.taken == store.events)
    }

    @Test func `what a consumer does not want is passed over`() throws {
        for number in 0..<10 { store.append(subject: "s\(number % 2)") }
        receiver.wants = { $0.subject == "s1" }
        try work()
        #expect(receiver.taken == store.events.filter { $0.subject == "s1" })
        #expect(store.places["receiver"]?.sequence == 10)
    }

    @Test func `an event that a consumer will never take is given up at once, and those behind it go on`() throws {
        for subject in ["a", "b", "a"] { store.append(subject: subject, at: now) }
        receiver.answer = { event, attempt in
            switch (event.sequence, attempt) {
            case (1, _), (2, 2): .rejected("never")
            case (2, 1): .refused("not now")
            default: .done
            }
        }
        try work()
        #expect(receiver.taken.map(\.sequence) == [3])
        #expect(receiver.attempts == [1, 2, 3])
        try workToTheEnd()
        #expect(receiver.attempts == [1, 2, 3, 2], "nothing is tried again that was rejected")
        let held = try #require(store.held["receiver"])
        #expect(held.count == 2)
        for letter in held.values {
            guard case .givenUp = letter.state else {
                Issue.record("\(letter.event.sequence) is not given up")
                continue
            }
            #expect(letter.reason == "never")
        }
    }

    @Test func `a refused event keeps those of its subject waiting, and nobody else`() throws {
        for subject in ["a", "b", "a", "b", "a"] { store.append(subject: subject, at: now) }
        receiver.answer = { event, attempt in event.sequence == 1 && attempt < 3 ? .refused("no") : .done }
        try work()
        #expect(receiver.taken.map(\.sequence) == [2, 4])
        now += 4 * Self.second
        try work()
        #expect(receiver.attempts == [1, 2, 4])
        // What comes meanwhile waits with them.
        store.append(subject: "a", at: now)
        try workToTheEnd()
        #expect(receiver.taken.map(\.sequence) == [2, 4, 1, 3, 5, 6])
        #expect(receiver.attempts.filter { $0 == 1 }.count == 3)
        #expect(store.held["receiver"]?.isEmpty == true)
    }

    @Test func `what is refused for a day is given up, and those behind it go on`() throws {
        for subject in ["a", "a", "b"] { store.append(subject: subject, at: now) }
        receiver.answer = { event, _ in event.sequence == 1 ? .refused("no") : .done }
        let start = now
        try workToTheEnd()
        #expect(receiver.taken.map(\.sequence) == [3, 2])
        #expect(store.deadLetters(of: "receiver") == [1])
        #expect(now - start >= Self.day && now - start <= Self.day + Self.hour)
        #expect((20...40).contains(receiver.attempts.filter { $0 == 1 }.count))
    }

    @Test func `a consumer that is away for an hour misses nothing, and is not asked all the time`() throws {
        for number in 0..<300 { store.append(subject: "s\(number % 7)", at: now) }
        let back = now + Self.hour
        receiver.answer = { [unowned self] _, _ in now < back ? .unavailable("away") : .done }
        try workToTheEnd()
        #expect(receiver.taken == store.events)
        #expect(store.effects.events == store.events)
        #expect(receiver.attempts.count < 300 + 15)
        #expect(now - back <= Self.hour)
        #expect(store.places["receiver"]?.failingSince == nil)
    }

    @Test func `a consumer that is away for two days misses what is older than one`() throws {
        for _ in 0..<3 { store.append(subject: "a", at: now) }
        let back = now + 2 * Self.day
        receiver.answer = { [unowned self] _, _ in now < back ? .unavailable("away") : .done }
        while now < back - 20 * Self.hour {
            _ = try relay().round()
            now += Self.hour / 2
        }
        #expect(store.deadLetters(of: "receiver") == [1, 2, 3])
        store.append(subject: "a", at: now)
        try workToTheEnd()
        #expect(receiver.taken.map(\.sequence) == [4])
    }

    @Test func `of two relays for one consumer only one settles, so that an effect is there once`() throws {
        store.append(subject: "a")
        var other: RelayProgress?
        receiver.answer = { [unowned self] _, _ in
            if other == nil {
                other = .gone
                other = try? relay().round()
            }
            return .done
        }
        #expect(try relay().round() == .superseded)
        #expect(other == .more)
        #expect(receiver.taken.count == 2)
        #expect(store.effects.events.count == 1)
    }

    @Test func `a relay ends with its consumer, and when it is told to`() throws {
        for _ in 0..<5 { store.append(subject: "a") }
        _ = try relay().round(isStopping: { [receiver] in receiver.taken.count == 2 })
        #expect(receiver.taken.count == 2)
        #expect(store.places["receiver"]?.sequence == 2)
        store.end("receiver")
        #expect(try relay().round() == .gone)
    }

    @Test func `a delivery that ends with the relay counts as no try`() throws {
        for _ in 0..<2 { store.append(subject: "s", at: now) }
        var isStopping = false
        receiver.answer = { event, _ in
            guard event.sequence == 2 else { return .done }
            isStopping = true
            return .unavailable("ended")
        }
        #expect(try relay().round(isStopping: { isStopping }) == .more)
        let place = try #require(store.places["receiver"])
        #expect((place.sequence, place.failures, place.dueAt) == (1, 0, 0))
        receiver.answer = { _, _ in .done }
        try work()
        #expect(receiver.taken == store.events)
    }

    @Test func `a delivery that ends with the relay gives nothing up, however long it has been held`() throws {
        for _ in 0..<2 { store.append(subject: "s", at: now) }
        receiver.answer = { _, _ in .refused("no") }
        try work()
        now += Self.day
        var isStopping = false
        receiver.answer = { _, _ in
            isStopping = true
            return .unavailable("ended")
        }
        _ = try relay().round(isStopping: { isStopping })
        for held in try #require(store.held["receiver"]).values {
            if case .givenUp = held.state { Issue.record("\(held.event.sequence) is given up") }
        }
        receiver.answer = { _, _ in .done }
        try work()
        #expect(receiver.taken == store.events)
    }

    @Test func `killed at any step it loses nothing, and has no effect twice`() throws {
        for steps in 0..<40 {
            let test = RelayTests()
            for number in 0..<6 { test.store.append(subject: "s\(number % 2)", at: test.now) }
            test.receiver.answer = { event, attempt in event.sequence == 2 && attempt < 3 ? .refused("no") : .done }
            test.store.stepsToLive = steps
            do { try test.workToTheEnd() } catch is MemoryOutbox.Killed {}
            test.store.stepsToLive = nil
            try test.workToTheEnd()
            test.expectWhole("killed after \(steps) steps")
        }
    }

    @Test func `whatever writers, consumer and kills do, each event is told and the order of each subject kept`() throws
    {
        for seed in 1...400 as ClosedRange<UInt64> {
            let test = RelayTests()
            var random = SeededGenerator(seed: seed)
            var answers = SeededGenerator(seed: seed &+ 1_000_000)
            test.receiver.answer = { _, _ in
                switch Int.random(in: 0..<12, using: &answers) {
                case 0, 1: .refused("no")
                case 2: .unavailable("away")
                default: .done
                }
            }
            var left = 40
            while left > 0 {
                for _ in 0..<Int.random(in: 0...min(left, 6), using: &random) {
                    test.store.append(subject: "s\(Int.random(in: 0..<4, using: &random))", at: test.now)
                    left -= 1
                }
                test.store.stepsToLive = Int.random(in: 0..<12, using: &random)
                do { try test.work(batch: Int.random(in: 1...7, using: &random)) } catch is MemoryOutbox.Killed {}
                test.store.stepsToLive = nil
                test.now += Int64.random(in: 0...20, using: &random) * Self.second
            }
            try test.workToTheEnd()
            test.expectWhole("seed \(seed)")
        }
    }

    /// Every event was told, and has its effect once, in the order of its subject.
    private func expectWhole(_ comment: String) {
        #expect(store.effects.events.count == store.events.count, "\(comment)")
        for subject in Set(store.events.map(\.subject)) {
            let written = store.events.filter { $0.subject == subject }
            #expect(store.effects.events.filter { $0.subject == subject } == written, "\(comment)")
            var told: [Event] = []
            for event in receiver.taken where event.subject == subject && !told.contains(event) { told.append(event) }
            #expect(told == written, "\(comment)")
        }
        #expect(store.deadLetters(of: "receiver").isEmpty, "\(comment)")
    }
}

/// The times between tries.
@Suite struct RetryPolicyTests {
    @Test func `the time between tries doubles up to an hour, half of it by chance`() {
        let policy = RetryPolicy()
        #expect((1...4).map { policy.delay(after: $0, chance: 1) } == [5, 10, 20, 40].map { $0 * 1_000_000 })
        #expect(policy.delay(after: 1, chance: 0) == 2_500_000)
        #expect(policy.delay(after: 1, chance: 0.5) == 3_750_000)
        for failures in [11, 40, 1000, Int.max] { #expect(policy.delay(after: failures, chance: 1) == 3_600_000_000) }
        #expect(policy.delay(after: 0, chance: 7) == 5_000_000)
    }
}
