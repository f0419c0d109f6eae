/// What a cache may take and how long it may wait.
public struct CacheOptions: Sendable {
    /// The largest value that is kept, whatever the budget is, in bytes.
    public static let largestValue = 256 << 10
    /// The shortest time that a value may be kept for: what is good for less is not worth the work of a cache, and second
    /// by second nobody can tell what is fresh.
    public static let shortestLife = Duration.seconds(1)

    /// The most memory of all values with their keys, in bytes; 0 keeps nothing.
    public let budget: Int
    /// How long a thread waits for another that loads the same value, before it loads by itself.
    public let patience: Duration
    /// Until when what is held may be given; nil where nobody changes the store but who advances the generations.
    let lease: CacheLease?
    /// Nanoseconds that only go forward.
    let now: @Sendable () -> Int64
    /// Evenly spread from 0 up to 1.
    let random: @Sendable () -> Double

    /// Options; clock and chance are there to be replaced in tests.
    public init(
        budget: Int,
        patience: Duration = .seconds(10),
        lease: CacheLease? = nil,
        now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.budget = max(0, budget)
        self.patience = patience
        self.lease = lease
        self.now = now
        self.random = random
    }
}

/// What a program does wrong with a cache.
public enum CacheMisuse: Error, Equatable, CustomStringConvertible {
    /// A value would live for less than ``CacheOptions/shortestLife``.
    case lifeTooShort(Duration)

    /// For the log.
    public var description: String {
        switch self {
        case .lifeTooShort(let life): "a value is to be cached for \(life), and a second is the least"
        }
    }
}
