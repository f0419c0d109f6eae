/// From when on a worker is worn: it asks to be replaced, and serves until its replacement does.
///
/// What a program loses with time - memory that it forgets, memory in pieces, handles of a library - goes with its
/// process. nil of a limit means never.
public struct WearLimits: Sendable, Equatable {
    /// How many requests.
    public let requests: Int?
    /// How much resident memory of its own, in bytes.
    public let memory: Int?
    /// How many nanoseconds.
    public let age: Int64?

    /// Younger workers are not worn by their memory: it is what they need, and so will their replacements.
    static let memoryCountsAfter: Int64 = 10_000_000_000

    /// Gathers the limits.
    public init(requests: Int? = nil, memory: Int? = nil, age: Int64? = nil) {
        self.requests = requests
        self.memory = memory
        self.age = age
    }

    /// The same, with requests and age lower by up to a tenth; `chance` is from 0 to 1.
    ///
    /// So workers that started together do not all ask at once.
    func jittered(by chance: Double) -> WearLimits {
        func lower(_ limit: Int64) -> Int64 { limit - Int64(Double(limit) / 10 * chance) }
        return WearLimits(
            requests: requests.map { Int(lower(Int64($0))) },
            memory: memory,
            age: age.map(lower)
        )
    }

    /// Why a worker that has come to this is worn; nil while it is not.
    ///
    /// The memory is asked for only where it counts.
    func wear(requests: Int, age: Int64, memory: () -> Int) -> String? {
        if let limit = self.requests, requests >= limit { return "\(requests) requests" }
        if let limit = self.age, age >= limit { return "\(age / 1_000_000_000) s of age" }
        if let limit = self.memory, age >= Self.memoryCountsAfter {
            let memory = memory()
            if memory >= limit { return "\(memory >> 20) MiB of memory" }
        }
        return nil
    }
}
