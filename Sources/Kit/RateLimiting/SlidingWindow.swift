/// Counts by parts of the window, and counts a part that has begun to expire in full.
///
/// The window has 15 parts; a ring of 16 counters of 16 bits holds the present part and the 15 before it, which cover
/// every window that ends now. So the limit holds in any stretch of time as long as the window, whatever comes. The
/// price: what was counted is given back up to a part later, 94 to 99 in a hundred of what an exact log admits pass.
/// Interpolating between parts, as is usual, admits up to twice the limit instead: the oldest part may hold all of its
/// count at its very end.
///
/// Every key's parts begin at another moment (`phase`), so that those who wait do not all come back at once.
///
/// Payload: words 0 to 3 the counters, word 4 the number of the present part. A kill between two of these words leaves
/// counters of parts that are over, which the next one clears, or old counters under a new number, which count too much
/// until they are over; never too little.
enum SlidingWindow {
    static let pastParts: UInt64 = 15
    /// How far a clock may go back, in nanoseconds: 30 days.
    private static let farthest: UInt64 = 2_592_000_000_000_000

    static func charge(
        _ slot: inout LimitSlot,
        _ cost: Int,
        under policy: LimitPolicy,
        at now: UInt64,
        phase: UInt64
    ) -> LimitSlot.Verdict {
        let width = policy.partWidth
        let phase = phase.multipliedFullWidth(by: width).high
        let now = now &+ phase
        var ring = Ring(slot.payload)
        var noted = slot.payload[4]
        // No clock goes back that far: this is no part's number.
        let (beginning, isBeyond) = noted.multipliedReportingOverflow(by: width)
        if isBeyond || beginning > now + farthest {
            ring = Ring()
            noted = 0
        }
        // A clock that went back stands still here.
        let part = max(now / width, noted)
        ring.advance(from: noted, to: part)
        let used = ring.sum
        // The moment when a part is over, from now on.
        func end(_ part: UInt64) -> Int64 { Int64(clamping: (part + pastParts + 1) * width - now) }

        guard used + cost <= policy.limit else {
            var given = 0
            var retryAfter = end(part)
            for past in ring.parts(endingWith: part) {
                given += ring[past]
                if used + cost - given <= policy.limit {
                    retryAfter = end(past)
                    break
                }
            }
            return LimitSlot.Verdict(
                outcome: .refused(retryAfter: retryAfter),
                remaining: max(0, policy.limit - used),
                resetAfter: ring.oldest(endingWith: part).map(end) ?? 0
            )
        }
        ring.add(cost, to: part)
        ring.write(to: &slot.payload)
        slot.payload[4] = part
        slot.head.note(used: used + cost, of: policy, until: (part + pastParts + 1) * width - phase)
        return LimitSlot.Verdict(
            outcome: .admitted,
            remaining: policy.limit - used - cost,
            resetAfter: ring.oldest(endingWith: part).map(end) ?? 0
        )
    }

    /// 16 counters of 16 bits; the count of a part stands at its number modulo 16.
    struct Ring {
        // In registers, as the payload that they come from.
        private var first: UInt64 = 0
        private var second: UInt64 = 0
        private var third: UInt64 = 0
        private var fourth: UInt64 = 0

        /// Nothing counted.
        init() {}

        @inline(__always)
        init(_ payload: LimitSlot.Payload) {
            first = payload[0]
            second = payload[1]
            third = payload[2]
            fourth = payload[3]
        }

        @inline(__always)
        func write(to payload: inout LimitSlot.Payload) {
            payload[0] = first
            payload[1] = second
            payload[2] = third
            payload[3] = fourth
        }

        subscript(part: UInt64) -> Int { Int(word(of: part) &>> Self.shift(part) & 0xFFFF) }

        /// All counts together.
        var sum: Int {
            let pairs =
                Self.pairs(of: first) &+ Self.pairs(of: second) &+ Self.pairs(of: third) &+ Self.pairs(of: fourth)
            return Int(pairs & 0xFFFF_FFFF) + Int(pairs >> 32)
        }

        /// The parts that count, the oldest first.
        func parts(endingWith part: UInt64) -> ClosedRange<UInt64> {
            part - min(part, SlidingWindow.pastParts)...part
        }

        /// The oldest part that has counted something.
        @inline(__always)
        func oldest(endingWith part: UInt64) -> UInt64? {
            // A bit for each counter that is not 0, in the order of the counters.
            let counted =
                Self.counted(in: first) | Self.counted(in: second) << 4 | Self.counted(in: third) << 8
                | Self.counted(in: fourth) << 12
            // Turned so that the oldest part, which stands behind the present one, comes first.
            let turn = UInt16(truncatingIfNeeded: part + 1) & 15
            let inOrder = counted >> turn | counted << (16 - turn)
            if inOrder == 0 { return nil }
            let place = part + UInt64(inOrder.trailingZeroBitCount)
            return place - min(place, SlidingWindow.pastParts)
        }

        /// Clears the counters that the parts after `old` use, up to `new`.
        @inline(__always)
        mutating func advance(from old: UInt64, to new: UInt64) {
            if new - old > SlidingWindow.pastParts {
                self = Ring()
                return
            }
            var part = old
            while part < new {
                part += 1
                setWord(of: part, word(of: part) & ~(0xFFFF &<< Self.shift(part)))
            }
        }

        /// Adds to a count, which stays at its greatest value rather than run over.
        @inline(__always)
        mutating func add(_ cost: Int, to part: UInt64) {
            let word = word(of: part)
            let count = min(word &>> Self.shift(part) & 0xFFFF &+ UInt64(cost), 0xFFFF)
            setWord(of: part, word & ~(0xFFFF &<< Self.shift(part)) | count &<< Self.shift(part))
        }

        /// Four counters as two sums of two.
        private static func pairs(of word: UInt64) -> UInt64 {
            (word & 0x0000_FFFF_0000_FFFF) &+ (word >> 16 & 0x0000_FFFF_0000_FFFF)
        }

        /// A bit for each of four counters that is not 0, the first one lowest.
        private static func counted(in word: UInt64) -> UInt16 {
            let tops = ((word & 0x7FFF_7FFF_7FFF_7FFF) &+ 0x7FFF_7FFF_7FFF_7FFF | word) & 0x8000_8000_8000_8000
            // Brings the four bits together at the top.
            return UInt16(truncatingIfNeeded: ((tops >> 15) &* 0x0001_0002_0004_0008) >> 48)
        }

        @inline(__always)
        private func word(of part: UInt64) -> UInt64 {
            switch part & 12 {
            case 0: first
            case 4: second
            case 8: third
            default: fourth
            }
        }

        @inline(__always)
        private mutating func setWord(of part: UInt64, _ value: UInt64) {
            switch part & 12 {
            case 0: first = value
            case 4: second = value
            case 8: third = value
            default: fourth = value
            }
        }

        private static func shift(_ part: UInt64) -> UInt64 { (part & 3) &* 16 }
    }
}
