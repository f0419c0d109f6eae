/// Lets what costs something pass one after another, with a bounded burst (GCRA, the generic cell rate algorithm of ATM
/// Forum TM 4.0, as a virtual schedule).
///
/// One number: the moment when all that has passed is worked off. With a burst as large as the limit, as is usual, twice
/// the limit passes in one window: the burst, and what is worked off meanwhile. So the burst is part of the limit here,
/// and what is worked off in a window is the rest of it.
///
/// Payload: word 0 the moment, in nanoseconds since the machine's start. One word is written whole or not at all.
enum Pacing {
    static func charge(
        _ slot: inout LimitSlot,
        _ cost: Int,
        under policy: LimitPolicy,
        burst: Int,
        at now: UInt64
    ) -> LimitSlot.Verdict {
        let rest = UInt64(policy.limit - burst)
        // How long one unit takes to be worked off.
        let interval = (UInt64(policy.window) + rest - 1) / rest
        let depth = UInt64(burst) * interval
        // More than a burst is never noted; what a clock that went back adds is kept, within reason.
        let before = max(min(slot.payload[0], now + depth + farthest), now)
        let after = before + UInt64(cost) * interval

        guard after <= now + depth else {
            let backlog = before - now
            return verdict(.refused(retryAfter: Int64(clamping: after - depth - now)), backlog, interval, burst)
        }
        slot.payload[0] = after
        slot.head.note(used: Int((after - now + interval - 1) / interval), of: policy, until: after)
        return verdict(.admitted, after - now, interval, burst)
    }

    /// How far a clock may go back: a day.
    private static let farthest: UInt64 = 86_400_000_000_000

    private static func verdict(
        _ outcome: LimitDecision.Outcome,
        _ backlog: UInt64,
        _ interval: UInt64,
        _ burst: Int
    ) -> LimitSlot.Verdict {
        let depth = UInt64(burst) * interval
        let remaining = backlog >= depth ? 0 : (depth - backlog) / interval
        let more = backlog == 0 ? 0 : backlog + (remaining + 1) * interval - depth
        return LimitSlot.Verdict(outcome: outcome, remaining: Int(remaining), resetAfter: Int64(clamping: more))
    }
}
