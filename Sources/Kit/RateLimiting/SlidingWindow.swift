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
            ring = Ring(.init(repeating: 0))
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
        for word in 0..<4 { slot.payload[word] = ring.words[word] }
        slot.payload[4] = part
        slot.head.note(used: used + cost, of: policy.limit, until: (part + pastParts + 1) * width - phase)
        return LimitSlot.Verdict(
            outcome: .admitted,
            remaining: policy.limit - used - cost,
            resetAfter: ring.oldest(endingWith: part).map(end) ?? 0
        )
    }

    /// 16 counters of 16 bits; the count of a part stands at its number modulo 16.
    struct Ring {
        var words: InlineArray<4, UInt64>

        init(_ payload: InlineArray<6, UInt64>) {
            words = [payload[0], payload[1], payload[2], payload[3]]
        }

        subscript(part: UInt64) -> Int { Int(words[Self.word(part)] &>> Self.shift(part) & 0xFFFF) }

        /// All counts together.
        var sum: Int {
            var pairs: UInt64 = 0
            for index in 0..<4 {
                pairs += words[index] & 0x0000_FFFF_0000_FFFF
                pairs += words[index] >> 16 & 0x0000_FFFF_0000_FFFF
            }
            return Int(pairs & 0xFFFF_FFFF) + Int(pairs >> 32)
        }

        /// The parts that count, the oldest first.
        func parts(endingWith part: UInt64) -> ClosedRange<UInt64> {
            part - min(part, SlidingWindow.pastParts)...part
        }

        /// The oldest part that has counted something.
        func oldest(endingWith part: UInt64) -> UInt64? {
            // A bit for each counter that is not 0, in the order of the counters.
            var counted: UInt16 = 0
            for index in 0..<4 {
                let word = words[index]
                let tops = ((word & 0x7FFF_7FFF_7FFF_7FFF) &+ 0x7FFF_7FFF_7FFF_7FFF | word) & 0x8000_8000_8000_8000
                // Brings the four bits together at the top.
                counted |= UInt16(truncatingIfNeeded: ((tops >> 15) &* 0x0001_0002_0004_0008) >> 48) << (4 * index)
            }
            // Turned so that the oldest part, which stands behind the present one, comes first.
            let turn = UInt16(truncatingIfNeeded: part + 1) & 15
            let inOrder = counted >> turn | counted << (16 - turn)
            if inOrder == 0 { return nil }
            let place = part + UInt64(inOrder.trailingZeroBitCount)
            return place - min(place, SlidingWindow.pastParts)
        }

        /// Clears the counters that the parts after `old` use, up to `new`.
        mutating func advance(from old: UInt64, to new: UInt64) {
            if new - old > SlidingWindow.pastParts {
                words = .init(repeating: 0)
                return
            }
            var part = old
            while part < new {
                part += 1
                words[Self.word(part)] &= ~(0xFFFF &<< Self.shift(part))
            }
        }

        /// Adds to a count, which stays at its greatest value rather than run over.
        mutating func add(_ cost: Int, to part: UInt64) {
            let count = UInt64(min(self[part] + cost, 0xFFFF))
            words[Self.word(part)] =
                words[Self.word(part)] & ~(0xFFFF &<< Self.shift(part)) | count &<< Self.shift(part)
        }

        private static func word(_ part: UInt64) -> Int { Int(part & 15) >> 2 }
        private static func shift(_ part: UInt64) -> UInt64 { (part & 3) &* 16 }
    }
}
