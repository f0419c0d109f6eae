/// What is known of one key under one policy: 64 bytes, of which any words may be of the state before.
///
///     0      the keyed hash of policy and key; 0 where the slot is free
///     1      expiry, load, policy and cursor; see ``Head``
///     2-7    what the algorithm keeps
///
/// A process may be killed between any two words that it writes. What is then missing is at most its own request, which
/// was never answered: each algorithm says why.
struct LimitSlot {
    /// Words of a slot.
    static let words = 8

    /// What can be judged without knowing the policy, which may be one of another version of the program.
    struct Head: Equatable {
        /// The second since the machine's start from which on nothing of the slot counts any more.
        var expiry: UInt32 = 0
        /// How much of the limit was used when it was written, in 255ths; 255 refuses.
        var load: UInt8 = 0
        /// The number of the policy.
        var policy: UInt8 = 0
        /// The place of the oldest entry of a log.
        var cursor: UInt8 = 0

        init() {}

        init(word: UInt64) {
            expiry = UInt32(truncatingIfNeeded: word)
            load = UInt8(truncatingIfNeeded: word >> 32)
            policy = UInt8(truncatingIfNeeded: word >> 40)
            cursor = UInt8(truncatingIfNeeded: word >> 48)
        }

        var word: UInt64 { UInt64(expiry) | UInt64(load) << 32 | UInt64(policy) << 40 | UInt64(cursor) << 48 }

        /// Notes that `used` of `limit` are used, and until when that counts.
        mutating func note(used: Int, of limit: Int, until nanoseconds: UInt64) {
            load = used >= limit ? .max : UInt8(clamping: used * 255 / limit)
            expiry = UInt32(clamping: nanoseconds / 1_000_000_000 + 1)
        }
    }

    var head = Head()
    var payload: InlineArray<6, UInt64> = .init(repeating: 0)

    /// A slot of which nothing is known.
    @inline(__always)
    init() {}

    /// Reads its eight words, the hash but not.
    @inline(__always)
    init(_ words: InlineArray<8, UInt64>) {
        head = Head(word: words[1])
        payload = [words[2], words[3], words[4], words[5], words[6], words[7]]
    }

    /// Its eight words, under a hash.
    @inline(__always)
    func words(_ hash: UInt64) -> InlineArray<8, UInt64> {
        [hash, head.word, payload[0], payload[1], payload[2], payload[3], payload[4], payload[5]]
    }

    /// What one charge says.
    struct Verdict {
        var outcome: LimitDecision.Outcome
        var remaining: Int
        var resetAfter: Int64
    }

    /// Decides about one request, and counts it where it passes; `phase` is any number that belongs to the key.
    ///
    /// Changes nothing where it does not pass.
    mutating func charge(_ cost: Int, under policy: LimitPolicy, at now: UInt64, phase: UInt64) -> Verdict {
        switch policy.algorithm {
        case .slidingWindow: SlidingWindow.charge(&self, cost, under: policy, at: now, phase: phase)
        case .exactLog: ExactLog.charge(&self, cost, under: policy, at: now)
        case .pacing(let burst): Pacing.charge(&self, cost, under: policy, burst: burst, at: now)
        }
    }
}
