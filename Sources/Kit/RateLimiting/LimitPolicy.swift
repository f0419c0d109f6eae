/// One rule: how much in how long, how it is counted, and what holds while it cannot be counted.
///
/// Made once at the start; every decision about a request refers to it.
public final class LimitPolicy: Sendable {
    /// How a policy counts.
    public enum Algorithm: Sendable, Hashable {
        /// 15 past parts of the window and the present one, all in full; see ``SlidingWindow``.
        case slidingWindow
        /// Every request by itself; see ``ExactLog``.
        case exactLog
        /// One after another, with at most `burst` at once; see ``Pacing``.
        case pacing(burst: Int)
    }

    /// What happens to a request that cannot be counted: a lock that did not come free, a table that is full of others.
    public enum OnFailure: Sendable, Hashable {
        /// It passes. Right where something else stands before the service too.
        case admit
        /// It is refused for a second. Right where guessing is limited.
        case refuse
    }

    /// The most that a policy can allow: what a counter of 16 bits holds.
    public static let mostInWindow = 65_535
    /// The most that is logged one by one: what a slot has room for.
    public static let mostInLog = 12
    /// The longest window of a log and of pacing, in nanoseconds: a day.
    public static let longestLog: Int64 = 86_400_000_000_000
    /// The shortest and the longest window, in nanoseconds: a second, and 30 days.
    public static let windows: ClosedRange<Int64> = 1_000_000_000...2_592_000_000_000_000

    /// As in the `RateLimit` header fields: lower-case letters, digits and underscores.
    public let name: String
    /// Tells in a table of several programs which policy a slot belongs to; never given to another policy.
    public let number: UInt8
    /// The most in any stretch of time as long as the window.
    public let limit: Int
    /// In nanoseconds.
    public let window: Int64
    /// How it is counted.
    public let algorithm: Algorithm
    /// The most that one request can cost.
    public let capacity: Int
    /// What holds while it cannot be counted.
    public let onFailure: OnFailure
    /// The policy as an item of `RateLimit-Policy`: `"user";q=6000;w=60`.
    public let fieldItem: String
    /// Told apart from the same policy with other numbers, so that a slot is never read in two ways.
    let identity: UInt64
    /// How long one of the parts of a sliding window is, in nanoseconds, rounded up.
    let partWidth: UInt64
    /// What one unit is of a slot's load, in parts of 2^32: a division less for each decision.
    let loadOfOne: Int

    /// States a policy; nil where a number is out of its bounds.
    ///
    /// The limit is 1 to ``mostInWindow``, with `exactLog` to ``mostInLog``; the window in nanoseconds and within
    /// ``windows``, with `exactLog` and pacing to ``longestLog``. Without an algorithm it is `exactLog` where the numbers
    /// allow it, else `slidingWindow`. A burst is at least 1, and what is left of the limit at least a thousandth of it.
    public init?(
        _ name: String,
        number: UInt8,
        limit: Int,
        window: Int64,
        algorithm: Algorithm? = nil,
        onFailure: OnFailure
    ) {
        let fitsLog = limit <= Self.mostInLog && window <= Self.longestLog
        let algorithm = algorithm ?? (fitsLog ? .exactLog : .slidingWindow)
        guard Self.windows.contains(window), (1...Self.mostInWindow).contains(limit), Self.isName(name) else {
            return nil
        }
        let form: UInt64
        switch algorithm {
        case .slidingWindow: form = 0
        case .exactLog:
            guard fitsLog else { return nil }
            form = 1
        case .pacing(let burst):
            // All of it together stays far from what 64 bits of nanoseconds hold.
            guard burst >= 1, burst < limit, window <= Self.longestLog, burst / (limit - burst) <= 1000 else {
                return nil
            }
            form = 2 | UInt64(burst) << 8
        }
        self.name = name
        self.number = number
        self.limit = limit
        self.window = window
        self.algorithm = algorithm
        self.onFailure = onFailure
        capacity = if case .pacing(let burst) = algorithm { burst } else { limit }
        loadOfOne = 255 << 32 / capacity
        partWidth = (UInt64(window) + SlidingWindow.pastParts - 1) / SlidingWindow.pastParts
        fieldItem = "\"\(name)\";q=\(limit);w=\((window + 999_999_999) / 1_000_000_000)"
        // What the rest depends on mixes all bits (SipHash); here they only have to differ.
        identity = UInt64(number) << 56 ^ form << 40 ^ UInt64(limit) << 24 ^ UInt64(window / 1_000_000)
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension LimitPolicy: Hashable {
    /// Whether both count in the same slots.
    public static func == (left: LimitPolicy, right: LimitPolicy) -> Bool { left.identity == right.identity }

    /// By what tells slots apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}
