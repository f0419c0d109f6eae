import Testing

@testable import RateLimiting

/// Keys, slots and what happens where there are too many of them.
struct LimitTableTests {
    private let clock = SyntheticClock()
    private let policy: LimitPolicy
    private let other: LimitPolicy

    init() throws {
        policy = try #require(LimitPolicy("a", number: 1, limit: 20, window: 60 * second, onFailure: .admit))
        other = try #require(LimitPolicy("b", number: 2, limit: 3, window: 60 * second, onFailure: .refuse))
    }

    @Test func `keys and policies are counted each by itself`() throws {
        let limiter = makeLimiter(clock, slots: 1024)
        for _ in 0..<3 { #expect(limiter.charge(key(1), under: other).isAdmitted) }
        #expect(!limiter.charge(key(1), under: other).isAdmitted)
        #expect(limiter.charge(key(2), under: other).isAdmitted)
        #expect(limiter.charge(key(1), under: policy).remaining == 19)
        // The same policy with another limit is another.
        let wider = try #require(LimitPolicy("b", number: 2, limit: 4, window: 60 * second, onFailure: .refuse))
        #expect(limiter.charge(key(1), under: wider).remaining == 3)
    }

    @Test func `a key of any length is counted whole`() throws {
        let limiter = makeLimiter(clock, slots: 1024)
        let label = LimitKey.Label(high: 0, low: 0)
        let long = [UInt8](repeating: 0x61, count: 10_240)
        for _ in 0..<3 { #expect(limiter.charge(LimitKey(long, label: label), under: other).isAdmitted) }
        #expect(!limiter.charge(LimitKey(long, label: label), under: other).isAdmitted)
        #expect(limiter.charge(LimitKey(long.dropLast() + [0x62], label: label), under: other).isAdmitted)
        #expect(limiter.charge(LimitKey(long.dropLast(), label: label), under: other).isAdmitted)
        #expect(limiter.charge(LimitKey([], label: label), under: other).isAdmitted)
    }

    @Test func `who is blocked stays blocked, however many others come`() throws {
        let limiter = makeLimiter(clock, slots: 4096)
        let blocked = (0..<100).map { key($0) }
        for key in blocked {
            while limiter.charge(key, under: policy).isAdmitted {}
        }
        var refused = 0
        for number in 0..<1_000_000 {
            if !limiter.charge(key(1_000_000 + number), under: policy).isAdmitted { refused += 1 }
            if number.isMultiple(of: 10_000) { clock.now += 1_000_000 }
        }
        #expect(refused == 0)
        #expect(blocked.allSatisfy { !limiter.charge($0, under: policy).isAdmitted })
        #expect(limiter.mishaps.displaced > 900_000)
        #expect(limiter.mishaps.crowded == 0)
    }

    @Test func `where all slots refuse somebody, the policy's own rule decides`() throws {
        let limiter = makeLimiter(clock, slots: 8)
        for number in 0..<8 {
            while limiter.charge(key(number), under: policy).isAdmitted {}
        }
        let passed = limiter.charge(key(9), under: policy)
        #expect(passed.isAdmitted && !passed.isCounted)
        let refused = limiter.charge(key(9), under: other)
        #expect(refused.outcome == .refused(retryAfter: second))
        #expect(!refused.isCounted)
        #expect(limiter.mishaps.crowded == 2)
        // Slots that count nothing any more are anybody's.
        clock.now += 70 * second
        #expect(limiter.charge(key(9), under: other).isCounted)
    }

    @Test func `the one who has used the smallest part of its limit is forgotten first`() throws {
        let limiter = makeLimiter(clock, slots: 8)
        for number in 0..<7 { _ = limiter.charge(key(number), under: other) }
        // One of twenty is less than one of three.
        for number in 7..<20 { _ = limiter.charge(key(number), under: policy) }
        for number in 0..<7 { #expect(limiter.charge(key(number), under: other).remaining == 1) }
    }

    @Test func `where a lock does not come free, the policy's own rule decides`() throws {
        let limiter = makeLimiter(clock)
        limiter.setLocked(true)
        #expect(limiter.charge(key(1), under: policy).isAdmitted)
        #expect(!limiter.charge(key(1), under: other).isAdmitted)
        #expect(limiter.mishaps.lockTimeouts == 2)
        limiter.setLocked(false)
        #expect(limiter.charge(key(1), under: policy).remaining == 19)
    }

    @Test func `entries are shown as long as they count, and can be cleared`() throws {
        let limiter = makeLimiter(clock, slots: 1024)
        let address = try #require(ClientNetwork("192.0.2.7"))
        for _ in 0..<3 { _ = limiter.charge(address.key, under: other) }
        _ = limiter.charge(key(1), under: policy)
        var entries: [LimitEntry] = []
        limiter.forEach { entries.append($0) }
        #expect(Set(entries.map(\.policy)) == [1, 2])
        let entry = try #require(entries.first { $0.policy == 2 })
        #expect(entry.share == 100)
        #expect(ClientNetwork(entry.label) == address)
        #expect((60...65).contains(entry.secondsLeft))
        #expect(limiter.clear(address.key, under: other))
        #expect(!limiter.clear(address.key, under: other))
        #expect(limiter.charge(address.key, under: other).remaining == 2)
        #expect(limiter.clear { $0.policy == 1 } == 1)
        clock.now += 70 * second
        entries = []
        limiter.forEach { entries.append($0) }
        #expect(entries.isEmpty)
    }

    @Test func `words that nobody can have written end nothing`() throws {
        var generator = SeededGenerator(seed: 5)
        let pacing = LimitPolicy(
            "c",
            number: 3,
            limit: 100,
            window: 60 * second,
            algorithm: .pacing(burst: 50),
            onFailure: .admit
        )
        let long = LimitPolicy("d", number: 4, limit: 100, window: 30 * 86_400 * second, onFailure: .admit)
        let policies = [policy, other, try #require(pacing), try #require(long)]
        for round in 0..<20_000 {
            var slot = LimitSlot()
            slot.head = LimitSlot.Head(word: generator.next())
            for word in 0..<6 { slot.payload[word] = round.isMultiple(of: 3) ? .max : generator.next() }
            for policy in policies {
                var copy = slot
                _ = copy.charge(1, under: policy, at: generator.next() >> 2, phase: generator.next())
            }
        }
    }
}

/// Numbers that policies cannot have.
struct LimitPolicyTests {
    @Test func `numbers out of their bounds make no policy`() {
        func policy(
            _ limit: Int,
            _ window: Int64,
            _ algorithm: LimitPolicy.Algorithm? = nil,
            name: String = "a"
        ) -> LimitPolicy? {
            LimitPolicy(name, number: 1, limit: limit, window: window, algorithm: algorithm, onFailure: .admit)
        }
        #expect(policy(0, 60 * second) == nil)
        #expect(policy(65_536, 60 * second) == nil)
        #expect(policy(5, second - 1) == nil)
        #expect(policy(5, .max) == nil)
        #expect(policy(13, 60 * second, .exactLog) == nil)
        #expect(policy(5, 60 * second, .pacing(burst: 5)) == nil)
        #expect(policy(5, 60 * second, .pacing(burst: 0)) == nil)
        #expect(policy(65_535, 60 * second, .pacing(burst: 65_534)) == nil)
        #expect(policy(5, 60 * second, name: "a \"b\"") == nil)
        #expect(policy(12, 60 * second)?.algorithm == .exactLog)
        #expect(policy(13, 60 * second)?.algorithm == .slidingWindow)
        #expect(policy(12, 8 * 86_400 * second)?.algorithm == .slidingWindow)
    }
}

/// Key 00 to 0f and messages that count up from 00, as in the paper (appendix A); what they give is from an implementation
/// in another language that, with two rounds and four, gives the paper's vectors.
struct SipHashTests {
    @Test func `the hash is SipHash with one round and three`() {
        let key = SipHash.Key(Array(0..<16))
        func hash(_ length: UInt8) -> UInt64 {
            var hasher = SipHash(key: key)
            return hasher.finish(Array(0..<length))
        }
        #expect(hash(15) == 0xd320_d86d_2a51_9956)
        #expect(hash(0) == 0xabac_0158_050f_c4dc)
        #expect(hash(24) == 0xf464_aeb2_6734_9c8c)
        var words = SipHash(key: key)
        words.add(0x0706_0504_0302_0100)
        #expect(words.finish(Array(8..<15)) == hash(15))
        var whole = SipHash(key: key)
        whole.add(0x0706_0504_0302_0100)
        #expect(whole.finish(length: 8) == hash(8))
    }
}
