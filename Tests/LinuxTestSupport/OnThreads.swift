internal import Linux

/// Runs a closure on several threads at once, with their numbers, and waits for all of them.
///
/// Throws `SystemError` where a thread cannot be started.
public func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
    guard count > 0 else { return }
    let thread = try Thread(name: "test \(count)") { body(count - 1) }
    let others = Result { try onThreads(count - 1, body) }
    thread.join()
    try others.get()
}
