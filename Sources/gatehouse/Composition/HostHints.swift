internal import Database
internal import Events
internal import Linux
internal import Storage
internal import Synchronization

/// Two threads of the maintenance process: one calls out to other hosts that something was committed on this one, and one
/// hears it from them.
///
/// Ten times a second at most, and apart from the changes: the server has all commits that call out wait for each other.
/// What gets lost costs nothing but time, as everybody looks twice a second anyway.
final class HostHints: Sendable {
    /// From one call to the next, and from a failure to the next try.
    private static let (rest, restAfterFailure): (Int64, Int64) = (100_000_000, 1_000_000_000)
    /// So often a thread looks whether it is to end.
    private static let longestWait: Int64 = 1_000_000_000

    private let stopping = Semaphore(permits: 0)
    private let isStopping = Atomic(false)

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - database: the server; no pooler that gives each transaction another connection.
    ///   - registry: the statements.
    ///   - signal: tells of commits on this host.
    ///   - host: its number, by which it knows its own calls.
    ///   - heard: is called when another host has called.
    /// - Throws: `SystemError`.
    init(
        _ database: PostgreSQLDatabase,
        registry: StatementRegistry,
        signal: EventSignal,
        host: UInt64,
        heard: @escaping @Sendable () -> Void
    ) throws {
        let own = String(host)
        _ = try Thread(name: "calls") { [self] in
            let session = DatabaseSession(database, registry: registry)
            var told = signal.count
            while !isStopping.load(ordering: .relaxed) {
                signal.wait(since: told, nanoseconds: Self.longestWait)
                let count = signal.count
                guard count != told else { continue }
                told = count
                let hasCalled = (try? ChangeLog.callOut(own, session)) != nil
                if stopping.wait(nanoseconds: hasCalled ? Self.rest : Self.restAfterFailure) { return }
            }
        }
        _ = try Thread(name: "hears") { [self] in
            let listener = ChangeLog.makeListener(database)
            while !isStopping.load(ordering: .relaxed) {
                do {
                    if let host = try listener.next(timeout: .seconds(1)), host != own { heard() }
                } catch {
                    // Who does not hear may have missed something.
                    heard()
                    _ = stopping.wait(nanoseconds: Self.restAfterFailure)
                }
            }
        }
    }

    /// Has both end within a second; nobody needs to wait for it.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        for _ in 0..<2 { stopping.signal() }
    }
}
