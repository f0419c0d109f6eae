/// How long a worker that ends waits for what runs, and what it does then.
///
///     told to end              shutdown timeout              1 s                     1 s
///     ----------> finishing -------------------> cancelling ------> closing ----------------> over
///
/// The supervisor ends by force what is there 5 s after the shutdown timeout. Times are nanoseconds of the monotonic clock.
struct WorkerDrain {
    enum Step: Equatable {
        /// What was accepted is served.
        case finishing
        /// What runs is asked to end, and answers that it could not be done.
        case cancelling
        /// Its connections are closed, so that nobody waits who reads or writes.
        case closing
        /// What runs ends with the process.
        case over
    }

    private static let grace: Int64 = 1_000_000_000

    /// When the time to finish is over.
    let deadline: Int64
    private(set) var step = Step.finishing

    init(timeout: Int64, now: Int64) {
        deadline = now + timeout
    }

    /// The step that begins at this time; nil where none does.
    ///
    /// None is left out.
    mutating func advance(now: Int64) -> Step? {
        switch step {
        case .finishing where now > deadline: step = .cancelling
        case .cancelling where now > deadline + Self.grace: step = .closing
        case .closing where now > deadline + 2 * Self.grace: step = .over
        case .finishing, .cancelling, .closing, .over: return nil
        }
        return step
    }
}
