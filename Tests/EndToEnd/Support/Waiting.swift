import Linux

/// Lets a short time pass between two looks at something that makes no event.
func pause(milliseconds: Int64) {
    _ = Semaphore(permits: 0).wait(nanoseconds: milliseconds * 1_000_000)
}

/// Looks again and again until the condition holds.
///
/// - Throws: a ``Failure`` that says what did not come true, when the time is over.
func eventually(_ what: String, within seconds: Int64 = 20, _ condition: () throws -> Bool) throws {
    let deadline = SystemClock.monotonicNanoseconds() + seconds * 1_000_000_000
    while try !condition() {
        guard SystemClock.monotonicNanoseconds() < deadline else {
            throw Failure("not within \(seconds) s: \(what)")
        }
        pause(milliseconds: 5)
    }
}

/// Does something and tells how long it took, in milliseconds.
func timed(_ work: () throws -> Void) rethrows -> Int64 {
    let start = SystemClock.monotonicNanoseconds()
    try work()
    return (SystemClock.monotonicNanoseconds() - start) / 1_000_000
}
