internal import Synchronization

/// How many operations that hash a password a process executes at once.
///
/// Requests of REST that hash wait in a lane of their own, by their path. Those of GraphQL all have one path, and what they
/// ask for is known when a handler thread has read them. So that sign-ins never hold all handler threads, a few may have
/// one each, and who comes when there are so many already is refused at once (docs/decisions/0027).
package final class HeavyOperations: Sendable {
    private let most: Int
    private let running = Mutex(0)

    /// Lets at most so many run at once; one at least.
    package init(most: Int) {
        self.most = max(1, most)
    }

    /// Runs `body` where there is room, and gives nil where there is none.
    package func run<Value>(_ body: () throws -> Value) rethrows -> Value? {
        let isAdmitted = running.withLock { running in
            guard running < most else { return false }
            running += 1
            return true
        }
        guard isAdmitted else { return nil }
        defer { running.withLock { $0 -= 1 } }
        return try body()
    }
}
