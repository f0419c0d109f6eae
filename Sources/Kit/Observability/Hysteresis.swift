/// A value that changes only when it has been found changed several times in a row, so that an alarm does not flap.
///
/// The greater value is the worse one. Becoming worse takes more than one finding, as one slow answer is no failure; so does
/// becoming better, as one answer is no recovery.
public struct Hysteresis<Value: Comparable & Sendable>: Sendable {
    /// What holds at the moment.
    public private(set) var value: Value
    private let worse: Int
    private let better: Int
    private var count = 0
    private var wasWorse = false

    /// Begins with a value, and says how many findings in a row change it.
    public init(_ value: Value, worseAfter worse: Int = 3, betterAfter better: Int = 2) {
        self.value = value
        self.worse = worse
        self.better = better
    }

    /// Takes what was found now.
    public mutating func note(_ found: Value) {
        guard found != value else {
            count = 0
            return
        }
        let isWorse = found > value
        count = isWorse == wasWorse ? count + 1 : 1
        wasWorse = isWorse
        guard count >= (isWorse ? worse : better) else { return }
        value = found
        count = 0
    }
}
