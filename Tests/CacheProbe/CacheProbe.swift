internal import Caching
internal import Database
internal import Linux
internal import SharedMemory

/// One of several processes that change and read one number through caches: `cache-probe TASK DIRECTORY`.
///
/// `work` changes the number and reads it from its cache by turns, until somebody ends it. It ends with status 3 as soon
/// as it reads a number that is older than one that had been acknowledged before it asked. Now and then it kills itself
/// after a commit, before it has told the others of it. `measure` writes what a hit costs and ends.
@main
struct CacheProbe {
    static let kind = CacheKind("numbers", number: 0, version: 1)
    static let tag = CacheTag("numbers")
    static let read = StatementDefinition(
        "numbers.read",
        reads: ["numbers"],
        plan: [.scan("numbers", because: "there is one")],
        sql: "SELECT value FROM numbers"
    )
    static let raise = StatementDefinition(
        "numbers.raise",
        writes: ["numbers"],
        plan: [.scan("numbers", because: "there is one")],
        sql: "UPDATE numbers SET value = value + 1 RETURNING value"
    )

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { ThisProcess.exitImmediately(64) }
        do {
            let shared = try Shared(arguments[2])
            switch arguments[1] {
            case "work": try work(shared, arguments[2])
            case "measure": try measure(shared)
            default: ThisProcess.exitImmediately(64)
            }
        } catch {
            StandardError.writeLine("\(error)")
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    /// What the processes share: the generations, and the greatest number that was acknowledged.
    private struct Shared {
        let generations: SharedGenerations
        let acknowledged: SharedWord

        init(_ directory: String) throws {
            var layout = SegmentLayout(version: 1)
            let words = try layout.addWords("acknowledged", count: 1)
            let name = try SegmentName(program: "cache-probe", directory: directory, in: directory)
            let segment = try SharedSegment.open(name, layout: layout)
            generations = SharedGenerations(segment)
            acknowledged = try segment.words(words)[0]
        }

        func acknowledge(_ number: UInt64) {
            var seen = acknowledged.load()
            while seen < number {
                let before = acknowledged.compareExchange(expected: seen, desired: number)
                if before == seen { return }
                seen = before
            }
        }
    }

    /// Tells the others of a commit; one time in two hundred it is killed before.
    private struct Teller: CommitObserver {
        let generations: SharedGenerations

        func committed(_ changes: CommittedChanges) {
            if UInt64.random(in: 0..<200) == 0 { ChildProcess.send(.kill, to: ThisProcess.id) }
            generations.invalidate(changes.tables.map { CacheTag($0) })
        }
    }

    private static func work(_ shared: Shared, _ directory: String) throws {
        let options = DatabaseOptions(
            path: "\(directory)/numbers.db",
            durability: .processEnd,
            observer: Teller(generations: shared.generations)
        )
        let session = try DatabaseSession(options, registry: try StatementRegistry([read, raise]))
        let cache = Cache(
            generations: shared.generations,
            options: CacheOptions(budget: 1 << 20, now: SystemClock.monotonicNanoseconds)
        )
        while true {
            for _ in 0..<50 {
                let known = shared.acknowledged.load()
                let number = try cache.value(for: CacheKey(kind), tags: [tag], ttl: .seconds(60)) {
                    try session.row(read) { try $0.int(0) } ?? 0
                }
                guard number >= known else {
                    StandardError.writeLine("read \(number) after \(known) was acknowledged")
                    ThisProcess.exitImmediately(3)
                }
            }
            let number = try session.write { try $0.row(raise) { try $0.int(0) } } ?? 0
            shared.acknowledge(UInt64(number))
        }
    }

    /// A hit of 128 bytes with the check of two generations, among a thousand keys.
    private static func measure(_ shared: Shared) throws {
        let cache = Cache(
            generations: shared.generations,
            options: CacheOptions(budget: 64 << 20, now: SystemClock.monotonicNanoseconds)
        )
        let keys = 1000 as UInt64
        let tags = (0..<keys).map { [CacheTag("rows", [UInt8($0 & 0xff), UInt8($0 >> 8)]), tag] }
        func hit(_ number: UInt64) throws -> Int {
            let value = try cache.value(
                for: CacheKey(kind, number, number &* 0x9E37_79B9_7F4A_7C15),
                tags: tags[Int(number)],
                ttl: .seconds(3600)
            ) { [UInt8](repeating: 1, count: 128) }
            return value.count
        }
        var sum = 0
        for number in 0..<keys { sum += try hit(number) }
        var best = Double.infinity
        for _ in 0..<7 {
            let rounds = 1_000_000 as UInt64
            let begin = SystemClock.monotonicNanoseconds()
            for round in 0..<rounds { sum += try hit((round &* 7919) % keys) }
            best = min(best, Double(SystemClock.monotonicNanoseconds() - begin) / Double(rounds))
        }
        let begin = SystemClock.monotonicNanoseconds()
        for _ in 0..<1_000_000 { shared.generations.invalidate([tag]) }
        let bump = Double(SystemClock.monotonicNanoseconds() - begin) / 1e6
        StandardError.writeLine(
            "a hit with its generation check: \(Int(best.rounded())) ns; an invalidation: \(Int(bump.rounded())) ns (\(sum & 1))"
        )
    }
}
