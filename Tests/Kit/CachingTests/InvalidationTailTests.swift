import LinuxTestSupport
import SharedMemory
import Testing

@testable import Caching

/// What is remembered of a store that others change, whose processes share no memory with these.
@Suite struct InvalidationTailTests {
    private static let bound = Duration.seconds(5)
    private static let longestAbsence = Duration.seconds(30)

    private let directory: TemporaryDirectory
    private let clock = TestClock()
    private let generations = ProcessGenerations()
    private let log = ScriptedLog()
    private let lease: CacheLease
    private let cache: Cache

    init() throws {
        directory = try TemporaryDirectory()
        var layout = SegmentLayout(version: 1)
        let part = try layout.addWords("lease", count: 1)
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        lease = CacheLease(try SharedSegment.open(name, layout: layout).words(part)[0])
        cache = Cache(generations: generations, options: clock.options(lease: lease))
    }

    private func makeTail(longestAbsence: Duration = longestAbsence) -> InvalidationTail<ScriptedLog> {
        InvalidationTail(
            log,
            invalidating: generations,
            extending: lease,
            bound: Self.bound,
            longestAbsence: longestAbsence,
            now: { [clock] in clock.now }
        )
    }

    /// What the cache gives: what it holds, or else `present`.
    private func read(_ present: String) throws -> String {
        try cache.value(for: CacheKey(.text, 1), tags: [.books], ttl: .seconds(600)) { present }
    }

    @Test func `before the first look nothing is given`() throws {
        #expect(try read("one") == "one")
        #expect(try read("two") == "two")
        var tail = makeTail()
        #expect(try tail.look() == .missed)
        #expect(try read("three") == "three")
        #expect(try read("four") == "three")
    }

    @Test func `what others change is old after the next look, and nothing else`() throws {
        var tail = makeTail()
        _ = try tail.look()
        #expect(try read("one") == "one")
        log.changes = [.people]
        #expect(try tail.look() == .changes)
        #expect(try read("two") == "one")
        log.changes = [.books]
        #expect(try read("two") == "one")
        #expect(try tail.look() == .changes)
        #expect(try read("two") == "two")
        #expect(try tail.look() == .nothing)
        #expect(try read("three") == "two")
    }

    @Test func `each look reads on where the last one ended, also after one that failed`() throws {
        var tail = makeTail()
        _ = try tail.look()
        log.isBroken = true
        #expect(throws: ScriptedLog.Fault.self) { try tail.look() }
        log.isBroken = false
        log.changes = [.books]
        #expect(try tail.look() == .changes)
        #expect(log.asked == [nil, "1", "1"])
    }

    @Test func `where nobody can look, what is held is given to the end of the bound, and not once longer`() throws {
        var tail = makeTail()
        _ = try tail.look()
        #expect(try read("one") == "one")
        log.isBroken = true
        clock.pass(.seconds(5) - .nanoseconds(1))
        #expect(throws: ScriptedLog.Fault.self) { try tail.look() }
        #expect(try read("two") == "one")
        clock.pass(.nanoseconds(1))
        #expect(try read("three") == "three")
        #expect(try read("four") == "four")
        log.isBroken = false
        #expect(try tail.look() == .nothing)
        // It is as good as it was: nothing has changed meanwhile.
        #expect(try read("five") == "four")
    }

    @Test func `the bound counts from the beginning of a look, however long that takes`() throws {
        var tail = makeTail()
        log.time = { [clock] in clock.pass(.seconds(4)) }
        _ = try tail.look()
        #expect(try read("one") == "one")
        clock.pass(.seconds(1))
        #expect(try read("two") == "two")
    }

    @Test(arguments: [Duration.seconds(30), .seconds(31)])
    func `after an absence longer than the log is kept everything is old`(absence: Duration) throws {
        var tail = makeTail()
        _ = try tail.look()
        #expect(try read("one") == "one")
        clock.pass(absence)
        let hasMissed = absence > Self.longestAbsence
        #expect(try tail.look() == (hasMissed ? .missed : .nothing))
        #expect(try read("two") == (hasMissed ? "two" : "one"))
    }

    @Test func `in another life of the store everything is old`() throws {
        var tail = makeTail()
        _ = try tail.look()
        #expect(try read("one") == "one")
        log.origin = "another"
        #expect(try tail.look() == .missed)
        #expect(try read("two") == "two")
        #expect(try tail.look() == .nothing)
        #expect(try read("three") == "two")
    }

    @Test func `more changes than can be told make everything old`() throws {
        var tail = makeTail()
        _ = try tail.look()
        #expect(try read("one") == "one")
        log.changes = nil
        #expect(try tail.look() == .changes)
        #expect(try read("two") == "two")
    }

    private func readForLong(_ load: () throws -> String) throws -> String {
        try cache.value(for: CacheKey(.text, 1), tags: [.books], ttl: .seconds(600), load: load)
    }

    @Test func `what is good but was to be loaded anew is not given after the bound where that fails`() throws {
        var tail = makeTail(longestAbsence: .seconds(100_000))
        _ = try tail.look()
        // The longer a load takes, the earlier it is done again.
        _ = try readForLong {
            clock.pass(.seconds(400))
            return "one"
        }
        clock.pass(.seconds(400))
        #expect(try tail.look() == .nothing)
        #expect(try readForLong { throw LoadFailure() } == "one")
        clock.pass(.seconds(150))
        #expect(try tail.look() == .nothing)
        #expect(try readForLong { "two" } == "one")
        #expect(throws: LoadFailure.self) {
            clock.pass(.seconds(5))
            _ = try readForLong { throw LoadFailure() }
        }
    }

    @Test func `a refresh that fails when the bound is over gives nothing old`() throws {
        var tail = makeTail(longestAbsence: .seconds(100_000))
        _ = try tail.look()
        _ = try readForLong {
            clock.pass(.seconds(400))
            return "one"
        }
        clock.pass(.seconds(400))
        #expect(try tail.look() == .nothing)
        #expect(throws: LoadFailure.self) {
            try readForLong {
                clock.pass(.seconds(5))
                throw LoadFailure()
            }
        }
    }
}

/// A log that gives what a test has put in, each once.
private final class ScriptedLog: InvalidationLog {
    struct Fault: Error {}

    var origin = "one"
    var changes: [CacheTag]? = []
    var isBroken = false
    var time: () -> Void = {}
    private(set) var asked: [String?] = []
    private var number = 0

    func read(after place: InvalidationPlace?) throws -> InvalidationReading {
        asked.append(place?.visible)
        time()
        guard !isBroken else { throw Fault() }
        number += 1
        defer { changes = [] }
        return InvalidationReading(place: InvalidationPlace(origin: origin, visible: "\(number)"), tags: changes)
    }
}
