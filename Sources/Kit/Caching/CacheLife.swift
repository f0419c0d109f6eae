internal import Glibc

/// From when to when a value is good, in nanoseconds of the cache's clock.
struct CacheLife: Sendable {
    /// From when on one thread loads it anew while it is still good.
    var refresh: Int64
    /// From when on it is no longer read.
    let expiry: Int64

    /// The life of a value that was loaded just now.
    ///
    /// It ends up to a tenth earlier or later than asked, so that what was loaded together does not end together, and
    /// never under a second. It is loaded anew a little before: by XFetch (Vattani, Chierichetti, Lowenstein, "Optimal
    /// Probabilistic Cache Stampede Prevention", VLDB 2015) with beta 1, the earlier the longer a load takes, and the
    /// probability that it has begun at t is exp(-(expiry - t) / load time). The paper draws anew at each read; one draw
    /// for each value has the same distribution, makes a read cheaper, and within a process one thread loads at a time
    /// anyway.
    init(_ ttl: Duration, now: Int64, loadTime: Int64, random: () -> Double) {
        let least = CacheOptions.shortestLife.nanoseconds
        let jittered = Double(ttl.nanoseconds) * (0.9 + 0.2 * random())
        let life = max(least, jittered < Double(Int64.max / 4) ? Int64(jittered) : .max / 4)
        let (sum, isBeyond) = now.addingReportingOverflow(life)
        expiry = isBeyond ? .max : sum
        // 1 - x is never 0.
        let earlier = -log(1 - random()) * Double(max(0, loadTime))
        refresh = earlier < Double(life) ? expiry - Int64(earlier) : now
    }
}

extension Duration {
    /// Whole nanoseconds; what is beyond 292 years is cut.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isBeyond else { return seconds < 0 ? .min : .max }
        let (sum, isBeyondAfterAll) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isBeyondAfterAll ? (seconds < 0 ? .min : .max) : sum
    }
}
