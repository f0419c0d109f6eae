internal import Database
internal import Domain
internal import Events
internal import Linux
internal import Logging
internal import Storage

/// The relays of the maintenance process: a thread for each consumer, so that one who is slow keeps nobody waiting.
///
/// A consumer has its place in the store (`EventRepository.begin`), and here what is done for it. Of several hosts on a
/// database one tells them; the others' threads look each second whether it is theirs to do.
final class EventRelays {
    /// Makes a consumer, on its thread, over the store as that thread has it.
    typealias MakeConsumer = @Sendable (any UnitOfWork) throws -> any Consumer<any Transaction>

    /// For so long the end of the process waits for deliveries that are on their way.
    private static let patience: Int64 = 2_000_000_000

    private let database: DatabaseLocation
    private let registry: StatementRegistry
    private let signal: EventSignal
    private let isOurs: @Sendable () -> Bool
    private let log: Logger
    private var threads: [String: RelayThread] = [:]

    /// Gathers what every relay needs; `isOurs` tells whether this host is to tell events.
    init(
        database: DatabaseLocation,
        registry: StatementRegistry,
        signal: EventSignal,
        isOurs: @escaping @Sendable () -> Bool,
        log: Logger
    ) {
        self.database = database
        self.registry = registry
        self.signal = signal
        self.isOurs = isOurs
        self.log = log
    }

    /// Has these consumers told, each of whom has a place in the store, and no others.
    func serve(_ consumers: [String: MakeConsumer], policy: RetryPolicy = RetryPolicy()) throws {
        threads = threads.filter { !$0.value.hasEnded }
        for (name, thread) in threads where consumers[name] == nil { thread.stop() }
        for (name, makeConsumer) in consumers where threads[name] == nil {
            threads[name] = try start(name, makeConsumer, policy)
        }
    }

    /// Ends all of them, and waits a moment for those who are in the middle of a delivery.
    func stop() {
        for thread in threads.values { thread.stop() }
        let deadline = SystemClock.monotonicNanoseconds() + Self.patience
        for thread in threads.values {
            _ = thread.waitForEnd(nanoseconds: deadline - SystemClock.monotonicNanoseconds())
        }
    }

    private func start(
        _ name: String,
        _ makeConsumer: @escaping MakeConsumer,
        _ policy: RetryPolicy
    ) throws -> RelayThread {
        let (database, registry, isOurs, log) = (database, registry, isOurs, log)
        let report: @Sendable (any Error) -> Void = { error in
            log.warning("events are not told", metadata: ["consumer": "\(name)", "reason": "\(error)"])
        }
        return try RelayThread(name: "relay", signal: signal, report: report) {
            let session = try DatabaseSession(database, registry: registry)
            let round = Self.round(SQLOutbox(session), try makeConsumer(SQLUnitOfWork(session)), policy)
            return { isStopping in
                guard isOurs() else { return .idle(until: nil) }
                return try round { isStopping() || !isOurs() }
            }
        }
    }

    private static func round(
        _ store: SQLOutbox,
        _ consumer: some Consumer<any Transaction>,
        _ policy: RetryPolicy
    ) -> (@escaping () -> Bool) throws -> RelayProgress {
        let relay = Relay(store, to: consumer, policy: policy, now: SystemClock.realtimeMicroseconds)
        return { try relay.round(isStopping: $0) }
    }
}
