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

        /// Notes how much of a policy is used, and until when that counts.
        mutating func note(used: Int, of policy: LimitPolicy, until nanoseconds: UInt64) {
            load = used >= policy.capacity ? .max : UInt8(clamping: used &* policy.loadOfOne &>> 32)
            expiry = UInt32(clamping: nanoseconds / 1_000_000_000 + 1)
        }
    }

    var head = Head()
    var payload = Payload()

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

    /// What the algorithm keeps.
    ///
    /// Six words with names and no array: they stay in registers. What was written in parts of 8 bytes and is read again at
    /// once in parts of 16 or more, as arrays are copied, has to wait until it has reached the cache; four such copies were a
    /// third of a decision.
    struct Payload: Equatable {
        private var first: UInt64 = 0
        private var second: UInt64 = 0
        private var third: UInt64 = 0
        private var fourth: UInt64 = 0
        private var fifth: UInt64 = 0
        private var sixth: UInt64 = 0

        static let count = 6

        @inline(__always)
        subscript(index: Int) -> UInt64 {
            get {
                switch index {
                case 0: first
                case 1: second
                case 2: third
                case 3: fourth
                case 4: fifth
                default: sixth
                }
            }
            set {
                switch index {
                case 0: first = newValue
                case 1: second = newValue
                case 2: third = newValue
                case 3: fourth = newValue
                case 4: fifth = newValue
                default: sixth = newValue
                }
            }
        }
    }
}

extension LimitMemory {
    /// Reads a slot, by its first word.
    @inline(__always)
    func slot(at place: Int) -> LimitSlot {
        var slot = LimitSlot()
        slot.head = LimitSlot.Head(word: load(place + 1))
        slot.payload[0] = load(place + 2)
        slot.payload[1] = load(place + 3)
        slot.payload[2] = load(place + 4)
        slot.payload[3] = load(place + 5)
        slot.payload[4] = load(place + 6)
        slot.payload[5] = load(place + 7)
        return slot
    }

    /// Writes a slot, the last word first: nobody sees the hash before the rest.
    @inline(__always)
    func store(_ slot: LimitSlot, under hash: UInt64, at place: Int) {
        store(place + 7, slot.payload[5])
        store(place + 6, slot.payload[4])
        store(place + 5, slot.payload[3])
        store(place + 4, slot.payload[2])
        store(place + 3, slot.payload[1])
        store(place + 2, slot.payload[0])
        store(place + 1, slot.head.word)
        store(place, hash)
    }
}
