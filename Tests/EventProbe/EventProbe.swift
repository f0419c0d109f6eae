internal import Consumers
internal import Database
internal import Domain
internal import Events
internal import Linux
internal import Storage

/// The relay of one webhook, which kills itself on its way.
///
///     event-probe DIRECTORY STEPS
///
/// The database `test.db` of the directory has the webhook. A message that the receiver takes becomes a line of the file
/// `told`, the number of the event; now and then it takes one not, or none. Before and after each call of the store, of the
/// receiver, and within the transaction that settles a round, a step is counted: at the last one the process kills itself
/// with SIGKILL. With 0 steps it never does. It ends when nothing is left to be told.
@main
struct EventProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]) else { ThisProcess.exitImmediately(64) }
        do {
            try run(in: arguments[1], Steps(count))
        } catch {
            StandardError.writeLine("event-probe: \(error)")
            ThisProcess.exitImmediately(1)
        }
    }

    private static func run(in directory: String, _ steps: Steps) throws {
        let options = DatabaseOptions(path: "\(directory)/test.db", durability: .processEnd)
        let session = try DatabaseSession(options, registry: Statements.registry())
        let unitOfWork = SQLUnitOfWork(session)
        guard let webhook = try unitOfWork.read({ try $0.webhooks.list() }).first else {
            ThisProcess.exitImmediately(65)
        }
        let consumer = WebhookConsumer(
            id: webhook.id,
            unitOfWork: unitOfWork,
            sealing: NoSealing(),
            transport: Receiver(file: try Files.open("\(directory)/told", .append(permissions: 0o600)), steps),
            clock: SystemTime()
        )
        // Nothing waits: what was refused is due at once.
        let relay = Relay(
            SteppingOutbox(store: SQLOutbox(session), steps: steps),
            to: consumer,
            policy: RetryPolicy(firstSeconds: 0, longestSeconds: 0),
            batch: 4,
            now: SystemClock.realtimeMicroseconds
        )
        while true {
            switch try relay.round() {
            case .more, .superseded, .idle(until: _?): continue
            case .idle(until: nil), .gone: return
            }
        }
    }
}

/// Counts steps, and kills the process at the last one.
private final class Steps {
    private var left: Int

    init(_ count: Int) {
        left = count
    }

    func next() {
        left -= 1
        guard left == 0 else { return }
        ChildProcess.send(.kill, to: ThisProcess.id)
        while true { _ = Semaphore(permits: 0).wait(nanoseconds: 1_000_000_000) }
    }
}

/// Takes most messages, each of which is a line of the file.
private final class Receiver: WebhookTransport {
    private let file: FileDescriptor
    private let steps: Steps

    init(file: consuming FileDescriptor, _ steps: Steps) {
        self.file = file
        self.steps = steps
    }

    func post(_ message: WebhookMessage, until shouldStop: @escaping () -> Bool) throws -> Int {
        steps.next()
        switch Int.random(in: 0..<10) {
        case 0: return 500
        case 1: return 503
        default: break
        }
        // "sequence":"00000000000000000042"
        let text = String(decoding: message.body, as: UTF8.self)
        let digits = text.split(separator: "\"sequence\":\"").dropFirst().first?.prefix(20) ?? ""
        try file.writeAll(Array("\(digits)\n".utf8))
        steps.next()
        return 204
    }
}

/// An outbox with a step before and after each call.
private struct SteppingOutbox: Outbox {
    typealias Transaction = any Domain.Transaction

    let store: SQLOutbox
    let steps: Steps

    private func step<Value>(_ body: () throws -> Value) rethrows -> Value {
        steps.next()
        let value = try body()
        steps.next()
        return value
    }

    func place(of consumer: String) throws -> Place? {
        try step { try store.place(of: consumer) }
    }

    func events(after sequence: Int64, limit: Int) throws -> [Event] {
        try step { try store.events(after: sequence, limit: limit) }
    }

    func due(for consumer: String, at instant: Int64, limit: Int) throws -> [HeldEvent] {
        try step { try store.due(for: consumer, at: instant, limit: limit) }
    }

    func nextDue(for consumer: String) throws -> Int64? {
        try step { try store.nextDue(for: consumer) }
    }

    func heldSubjects(of consumer: String, among subjects: Set<String>) throws -> Set<String> {
        try step { try store.heldSubjects(of: consumer, among: subjects) }
    }

    func settle(_ settlement: Settlement, effects: (any Domain.Transaction) throws -> Void) throws -> Bool {
        try step {
            try store.settle(settlement) { transaction in
                try step { try effects(transaction) }
            }
        }
    }
}

private struct NoSealing: WebhookSealing {
    func seal(_ secret: WebhookSecret, for id: WebhookID) -> [UInt8] { secret.bytes }
    func open(_ sealed: [UInt8], for id: WebhookID) -> WebhookSecret? { WebhookSecret(bytes: sealed) }
}

private struct SystemTime: Domain.Clock {
    func now() -> Timestamp { Timestamp(microseconds: SystemClock.realtimeMicroseconds()) }
}
