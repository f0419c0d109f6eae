import Domain
import Events
import Linux
import LinuxTestSupport
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Relays that are killed at every step of theirs, one after the other, while things happen.
///
/// A hundred kills; with `CHAOS_SECONDS` five hundred at least, for so long.
@Suite(.timeLimit(.minutes(10)))
struct KilledRelayTests {
    private let database: ScratchDatabase
    private let unitOfWork: SQLUnitOfWork
    private let webhook = Webhook.fixture(1)

    init() throws {
        database = try ScratchDatabase()
        unitOfWork = SQLUnitOfWork(database.session)
        try unitOfWork.perform { [webhook] transaction in
            try transaction.webhooks.insert(webhook, sealedSecret: Array(0..<32))
            try transaction.events.begin(consumer: webhook.consumer, atFirst: true)
        }
    }

    private func runRelay(steps: Int) throws -> ProcessEnd {
        let process = try ChildProcess.spawn(
            path: try BuiltProgram.path("event-probe"),
            arguments: ["event-probe", database.directory.path, "\(steps)"],
            environment: [],
            descriptors: [nil, nil, 2]
        )
        return try ChildProcess.wait(for: process)
    }

    @Test
    func `whenever a relay is killed, each event is told, its effect is there once, and subjects keep their order`()
        throws
    {
        let seconds = ThisProcess.environmentVariables()["CHAOS_SECONDS"].flatMap { Int64($0) }
        let end = SystemClock.monotonicNanoseconds() + (seconds ?? 0) * 1_000_000_000
        var kills = 0
        while kills < (seconds == nil ? 100 : 500) || SystemClock.monotonicNanoseconds() < end {
            for _ in 0..<Int.random(in: 1...8) {
                try unitOfWork.tell(.userEnabled(.fixture(UInt64.random(in: 1...4))))
            }
            switch try runRelay(steps: Int.random(in: 1...60)) {
            case .killed(signal: 9): kills += 1
            case .exited(0): break
            case let end: Issue.record("a relay ended otherwise: \(end)")
            }
        }
        #expect(try runRelay(steps: 0) == .exited(0))

        let events = try SQLOutbox(database.session).events(after: 0, limit: .max)
        let path = "\(database.directory.path)/told"
        let told = String(decoding: try Files.read(path, limit: 64 << 20), as: UTF8.self)
            .split(separator: "\n").compactMap { Int64($0) }
        var firstTold: [Int64: Int] = [:]
        for (place, sequence) in told.enumerated() where firstTold[sequence] == nil { firstTold[sequence] = place }
        #expect(Set(firstTold.keys) == Set(events.map(\.sequence)))
        for (subject, own) in Dictionary(grouping: events, by: \.subject) {
            let places = own.compactMap { firstTold[$0.sequence] }
            #expect(places == places.sorted(), "\(subject)")
        }
        // What a delivery does in the store: one row that tells that it was taken.
        let delivered = try unitOfWork.read { [webhook] in
            try $0.webhooks.deliveries(of: webhook.id, limit: .max)
        }.filter { $0.outcome == .delivered }.map(\.sequence)
        #expect(delivered.sorted() == events.map(\.sequence))
        print("\(events.count) events, \(kills) kills of relays, \(told.count - events.count) of them told again")
    }
}
