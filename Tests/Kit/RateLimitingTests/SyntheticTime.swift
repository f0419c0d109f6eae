import RateLimiting

/// A clock that a test moves.
final class SyntheticClock {
    var now: Int64

    init(at now: Int64 = 1_000_000_000_000) {
        self.now = now
    }
}

/// Numbers that are the same in every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Every admission with its moment: what a limiter is held against.
struct Oracle {
    let limit: Int
    let window: Int64
    private(set) var admitted: [(moment: Int64, cost: Int)] = []
    private var first = 0
    private var used = 0

    init(limit: Int, window: Int64) {
        self.limit = limit
        self.window = window
    }

    /// Decides by what it has noted, which is exact.
    mutating func charge(_ cost: Int, at now: Int64) -> Bool {
        forget(until: now)
        guard used + cost <= limit else { return false }
        note(cost, at: now)
        return true
    }

    /// Notes what somebody else has admitted, and gives what is then used in the window that ends now.
    @discardableResult
    mutating func note(_ cost: Int, at now: Int64) -> Int {
        forget(until: now)
        admitted.append((now, cost))
        used += cost
        return used
    }

    private mutating func forget(until now: Int64) {
        while first < admitted.count, admitted[first].moment <= now - window {
            used -= admitted[first].cost
            first += 1
        }
    }
}

/// How requests come.
enum Traffic: String, CaseIterable, Sendable {
    /// At any moment, three times the limit.
    case steady
    /// In heaps with silence between.
    case bursts
    /// All at once at the end of a window and again at the beginning of the next.
    case borders

    /// The moments of `count` requests under a policy.
    func moments(_ count: Int, limit: Int, window: Int64, seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(seed: seed)
        var now: Int64 = 1_000_000_000_000
        var moments: [Int64] = []
        while moments.count < count {
            switch self {
            case .steady:
                now += Int64.random(in: 1...max(2, window * 2 / Int64(limit * 3)), using: &generator)
                moments.append(now)
            case .bursts:
                now += Int64.random(in: window / 20...window, using: &generator)
                for _ in 0..<Int.random(in: 1...max(2, limit), using: &generator) {
                    now += Int64.random(in: 0...1_000_000, using: &generator)
                    moments.append(now)
                }
            case .borders:
                let border = (now / window + 1) * window
                for _ in 0..<limit { moments.append(border - 1_000_000) }
                for _ in 0..<limit { moments.append(border + 1_000_000) }
                now = border + window
            }
        }
        return moments
    }
}

let second: Int64 = 1_000_000_000

/// A limiter on a synthetic clock.
func makeLimiter(_ clock: SyntheticClock, slots: Int = 64) -> LocalRateLimiter {
    LocalRateLimiter(slots: slots, seed: Array(0..<16), clock: { clock.now })
}

func key(_ number: Int) -> LimitKey { LimitKey(LimitKey.Label(high: 0, low: UInt64(number))) }
