import Testing

@testable import RateLimiting

/// Each algorithm against a log of all that it admitted.
struct AlgorithmTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let policy: LimitPolicy
        let traffic: Traffic
        /// Of what an exact log admits, the part that must pass, in hundredths.
        let leastAdmitted: Int
        var testDescription: String { "\(policy.name) \(policy.limit) \(traffic.rawValue)" }
    }

    private static let windows = [1 * second, 60 * second, 3_333_333_333]

    private static func cases(
        _ name: String,
        _ limits: [Int],
        _ algorithm: (Int) -> LimitPolicy.Algorithm,
        least: Int
    ) -> [Case] {
        limits.flatMap { limit in
            windows.flatMap { window in
                Traffic.allCases.compactMap { traffic in
                    LimitPolicy(
                        name,
                        number: 1,
                        limit: limit,
                        window: window,
                        algorithm: algorithm(limit),
                        onFailure: .refuse
                    ).map { Case(policy: $0, traffic: traffic, leastAdmitted: least) }
                }
            }
        }
    }

    private static let all =
        cases("sliding", [13, 100, 1000], { _ in .slidingWindow }, least: 90)
        + cases("log", [1, 2, 5, 12], { _ in .exactLog }, least: 99)
        + cases("pacing", [10, 100], { .pacing(burst: $0 / 2) }, least: 0)

    @Test(arguments: all)
    func `no stretch of time as long as the window ever has more than the limit`(tested: Case) throws {
        let policy = tested.policy
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        var seen = Oracle(limit: policy.limit, window: policy.window)
        var exact = Oracle(limit: policy.limit, window: policy.window)
        var (passed, most, passedExactly) = (0, 0, 0)
        for moment in tested.traffic.moments(6000, limit: policy.limit, window: policy.window, seed: 7) {
            clock.now = moment
            if exact.charge(1, at: moment) { passedExactly += 1 }
            let decision = limiter.charge(key(1), under: policy)
            guard decision.isAdmitted else { continue }
            passed += 1
            most = max(most, seen.note(1, at: moment))
        }
        #expect(most <= policy.limit)
        #expect(passed * 100 >= passedExactly * tested.leastAdmitted, "\(passed) of \(passedExactly)")
    }

    @Test(arguments: all.filter { $0.traffic != .borders })
    func `who waits as long as told passes, and not a nanosecond sooner`(tested: Case) throws {
        let policy = tested.policy
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        var generator = SeededGenerator(seed: 11)
        var (wrong, probes) = (0, 0)
        // What comes is made in pieces, until there were enough refusals.
        for piece in 0..<100 where probes < 2200 {
            for moment in tested.traffic.moments(2000, limit: policy.limit, window: policy.window, seed: UInt64(piece))
            {
                // The probes before have moved the clock.
                clock.now = max(clock.now, moment)
                let cost = Int.random(in: 1...max(1, policy.capacity / 3), using: &generator)
                guard case .refused(let wait) = limiter.charge(key(1), cost: cost, under: policy).outcome else {
                    continue
                }
                probes += 1
                let refused = clock.now
                clock.now = refused + wait - 1
                if limiter.charge(key(1), cost: cost, under: policy).isAdmitted || wait <= 0 { wrong += 1 }
                clock.now = refused + wait
                if !limiter.charge(key(1), cost: cost, under: policy).isAdmitted { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(probes >= 2200)
    }

    @Test(arguments: all.filter { $0.traffic == .steady })
    func `after as long as told more passes than now, and not sooner`(tested: Case) throws {
        let policy = tested.policy
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        // What a decision says remains, found out by charging as much as is said.
        func passes(_ cost: Int) -> Bool {
            guard cost <= policy.capacity else { return false }
            let copy = makeLimiter(clock)
            let present = clock.now
            for (moment, cost) in history {
                clock.now = moment
                _ = copy.charge(key(1), cost: cost, under: policy)
            }
            clock.now = present
            return cost == 0 || copy.charge(key(1), cost: cost, under: policy).isAdmitted
        }
        var history: [(Int64, Int)] = []
        for moment in tested.traffic.moments(40, limit: policy.limit, window: policy.window, seed: 5) {
            clock.now = moment
            let decision = limiter.charge(key(1), under: policy)
            if decision.isAdmitted { history.append((moment, 1)) }
            #expect(passes(decision.remaining))
            #expect(!passes(decision.remaining + 1))
            guard decision.resetAfter > 0 else { continue }
            clock.now = moment + decision.resetAfter - 1
            #expect(!passes(decision.remaining + 1))
            clock.now = moment + decision.resetAfter
            #expect(passes(decision.remaining + 1))
        }
    }

    @Test(arguments: all.filter { $0.traffic == .steady })
    func `a clock that goes back gives nothing away`(tested: Case) throws {
        let policy = tested.policy
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        var passed = 0
        for step in 0..<policy.limit * 4 {
            clock.now += step.isMultiple(of: 2) ? policy.window / 3 : -policy.window / 3
            if limiter.charge(key(1), under: policy).isAdmitted { passed += 1 }
        }
        #expect(passed <= policy.limit)
        // Also by more than a window, and for hours.
        clock.now -= 2 * policy.window
        for _ in 0..<policy.limit * 4 {
            clock.now -= 1000 * second / Int64(policy.limit * 4)
            if limiter.charge(key(1), under: policy).isAdmitted { passed += 1 }
        }
        #expect(passed <= policy.limit)
    }

    @Test(arguments: all.filter { $0.traffic == .steady })
    func `a clock that jumps ahead ends the window and nothing else`(tested: Case) throws {
        let policy = tested.policy
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        for jump in [policy.window + policy.window / 15 + 2 * second, 86_400 * second, 400 * 86_400 * second] {
            var passed = 0
            for _ in 0..<policy.limit * 2 where limiter.charge(key(1), under: policy).isAdmitted { passed += 1 }
            #expect(passed == policy.capacity)
            clock.now += jump
        }
    }

    @Test(arguments: all.filter { $0.traffic == .steady })
    func `what costs more than the limit never passes, and changes nothing`(tested: Case) throws {
        let policy = tested.policy
        let limiter = makeLimiter(SyntheticClock())
        for cost in [policy.capacity + 1, .max] {
            #expect(limiter.charge(key(1), cost: cost, under: policy).outcome == .impossible)
        }
        #expect(limiter.charge(key(1), cost: policy.capacity, under: policy).isAdmitted)
        #expect(limiter.charge(key(1), cost: .min, under: policy).isAdmitted == false)
    }

    @Test func `counters hold at their ends`() throws {
        let clock = SyntheticClock()
        let limiter = makeLimiter(clock)
        let most = LimitPolicy.mostInWindow
        let policy = try #require(
            LimitPolicy("most", number: 1, limit: most, window: 60 * second, onFailure: .refuse)
        )
        #expect(limiter.charge(key(1), cost: most - 1, under: policy).remaining == 1)
        #expect(limiter.charge(key(1), under: policy).remaining == 0)
        for _ in 0..<1000 { #expect(!limiter.charge(key(1), under: policy).isAdmitted) }
        clock.now += 64 * second
        #expect(limiter.charge(key(1), cost: most, under: policy).isAdmitted)
    }

    @Test func `the oldest part that counts is the first one that holds anything`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            var ring = SlidingWindow.Ring()
            let present = UInt64.random(in: 0...40, using: &random)
            for part in ring.parts(endingWith: present) where Int.random(in: 0..<12, using: &random) == 0 {
                ring.add([1, 0x7FFF, 0x8000, 0xFFFF].randomElement(using: &random) ?? 1, to: part)
            }
            let first = ring.parts(endingWith: present).first { ring[$0] > 0 }
            #expect(ring.oldest(endingWith: present) == first)
        }
    }
}
