/// Notes the moment of each request; exact, for limits up to ``LimitPolicy/mostInLog``.
///
/// A ring of as many stamps as the limit allows, in milliseconds of 32 bits, from the oldest on: a request passes where
/// the oldest is as old as the window. A stamp is rounded up and the present down, so that the limit holds in any
/// stretch of time, not only in whole milliseconds.
///
/// Payload: two stamps a word. The cursor in the head is the place of the oldest. A kill between a stamp and the cursor
/// loses that one request, which was never answered. Stamps wrap after 49 days: a slot that was not used for a window is
/// begun anew (its expiry tells), and while it is used no stamp grows older than 13 windows, of a day each at most.
enum ExactLog {
    static func charge(
        _ slot: inout LimitSlot,
        _ cost: Int,
        under policy: LimitPolicy,
        at now: UInt64
    ) -> LimitSlot.Verdict {
        let limit = policy.limit
        let window = Int64((policy.window + 999_999) / 1_000_000)
        let milliseconds = now / 1_000_000
        if milliseconds / 1000 >= UInt64(slot.head.expiry) {
            reset(&slot, UInt32(truncatingIfNeeded: milliseconds), window)
        }
        let oldest = Int(slot.head.cursor) % limit

        // In how many nanoseconds the stamp that stands `behind` places after the oldest has grown as old as the window.
        func wait(_ behind: Int) -> Int64 {
            let age = Int32(
                bitPattern: UInt32(truncatingIfNeeded: milliseconds) &- stamp(slot, (oldest + behind) % limit)
            )
            let missing = window - Int64(age)
            return missing <= 0 ? 0 : missing * 1_000_000 - Int64(now % 1_000_000)
        }
        var used = 0
        while used < limit, wait(limit - 1 - used) > 0 { used += 1 }

        guard used + cost <= limit else {
            return LimitSlot.Verdict(
                outcome: .refused(retryAfter: wait(cost - 1)),
                remaining: limit - used,
                resetAfter: wait(limit - used)
            )
        }
        let newest = stamp(slot, (oldest + limit - 1) % limit)
        let present = UInt32(truncatingIfNeeded: (now + 999_999) / 1_000_000)
        // A clock that went back stands still here.
        let noted = Int32(bitPattern: present &- newest) > 0 ? present : newest
        for place in 0..<cost { set(&slot, (oldest + place) % limit, noted) }
        slot.head.cursor = UInt8((oldest + cost) % limit)
        let ahead = Int64(Int32(bitPattern: noted &- present))
        let end = Int64(clamping: now) + (window + ahead + 1) * 1_000_000
        slot.head.note(used: used + cost, of: policy, until: UInt64(max(0, end)))
        let oldestCounted = (oldest + limit - used) % limit
        let age = Int32(bitPattern: UInt32(truncatingIfNeeded: milliseconds) &- stamp(slot, oldestCounted))
        return LimitSlot.Verdict(
            outcome: .admitted,
            remaining: limit - used - cost,
            resetAfter: (window - Int64(age)) * 1_000_000 - Int64(now % 1_000_000)
        )
    }

    /// Writes stamps that are just as old as the window.
    private static func reset(_ slot: inout LimitSlot, _ milliseconds: UInt32, _ window: Int64) {
        let old = milliseconds &- UInt32(truncatingIfNeeded: window)
        for place in 0..<LimitPolicy.mostInLog { set(&slot, place, old) }
        slot.head.cursor = 0
    }

    private static func stamp(_ slot: LimitSlot, _ place: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: slot.payload[place >> 1] >> (UInt64(place & 1) * 32))
    }

    private static func set(_ slot: inout LimitSlot, _ place: Int, _ stamp: UInt32) {
        let shift = UInt64(place & 1) * 32
        slot.payload[place >> 1] = slot.payload[place >> 1] & ~(0xFFFF_FFFF << shift) | UInt64(stamp) << shift
    }
}
