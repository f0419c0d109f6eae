import Linux
import LinuxTestSupport
import SharedMemory
import Testing

@testable import WorkerPool

/// How a try at a request finds those that died before it.
struct RequestTriesTests {
    private let directory: TemporaryDirectory
    private let activity: PoolActivity
    private let id = Array("00d069f9f7b8b8cd28ee7e96c284a367".utf8)

    init() throws {
        directory = try TemporaryDirectory()
        var layout = SegmentLayout(version: 1)
        let parts = try PoolActivity.Parts(in: &layout)
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        activity = try PoolActivity(try SharedSegment.open(name, layout: layout), parts)
    }

    /// Never ends, as it holds itself.
    private final class Undying {
        let thread: ThreadActivity?
        var itself: Undying?

        init(_ thread: ThreadActivity?) {
            self.thread = thread
        }
    }

    /// A thread that ends in the middle of the request, as the kernel sees one that is killed.
    private func die() throws {
        let activity = activity
        let id = id
        let isDead = Semaphore(permits: 0)
        _ = try Thread(name: "victim") {
            let thread = try? activity.claim()
            thread?.serves(requestID: id.span)
            // Nobody gives the record back.
            let undying = Undying(thread)
            undying.itself = undying
            isDead.signal()
        }
        #expect(isDead.wait(nanoseconds: 10_000_000_000))
        // The kernel gives the record back when the thread has gone.
        let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
        while try activity.states().contains(where: { $0.phase == .serving }) {
            try #require(SystemClock.monotonicNanoseconds() < deadline)
        }
    }

    @Test func `each death before a try counts`() throws {
        for _ in 1...3 { try die() }
        let thread = try activity.claim()
        thread.serves(requestID: id.span)
        #expect(thread.crashes == 3)
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 1), (4, 2)])
    func `of deaths that the request is excused two count as one`(deaths: Int, crashes: Int) throws {
        for _ in 1...deaths {
            try die()
            activity.excuseRequests(leftBy: ThisProcess.id)
        }
        let thread = try activity.claim()
        thread.serves(requestID: id.span)
        #expect(thread.crashes == crashes)
    }

    @Test func `a request that was answered begins anew`() throws {
        try die()
        let thread = try activity.claim()
        thread.serves(requestID: id.span)
        #expect(thread.crashes == 1)
        thread.served()
        thread.serves(requestID: id.span)
        #expect(thread.crashes == 0)
        thread.served()
    }

    @Test func `a thread that lives and serves the same id has not died`() throws {
        let first = try activity.claim()
        first.serves(requestID: id.span)
        let second = try activity.claim()
        second.serves(requestID: id.span)
        #expect(second.crashes == 0)
        second.served()
        first.served()
    }

    @Test func `a death counts also where the record has a new owner, even the one that tries again`() throws {
        try die()
        let other = try activity.claim()
        other.serves(requestID: Array("11111111111111112222222222222222".utf8).span)
        let thread = try activity.claim()
        thread.serves(requestID: id.span)
        #expect(thread.crashes == 1)
        thread.served()
        other.served()
        try die()
        other.serves(requestID: id.span)
        #expect(other.crashes == 1)
    }

    @Test func `another request has nothing to do with it`() throws {
        try die()
        let thread = try activity.claim()
        for other in ["00d069f9f7b8b8cd28ee7e96c284a368", "10d069f9f7b8b8cd28ee7e96c284a367", ""] {
            thread.serves(requestID: Array(other.utf8).span)
            #expect(thread.crashes == 0)
            thread.served()
        }
    }

    @Test func `more requests of one remainder than there are marks are served as well`() throws {
        let threads = try (0..<12).map { _ in try activity.claim() }
        for (number, thread) in threads.enumerated() {
            let digits = String(number + 0x1000_0000, radix: 16)
            thread.serves(requestID: Array("\(digits)0000000000000000000000ff".utf8).span)
            #expect(thread.crashes == 0)
        }
        for thread in threads { thread.served() }
        let thread = try activity.claim()
        thread.serves(requestID: Array("100000000000000000000000000000ff".utf8).span)
        #expect(thread.crashes == 0)
    }

    @Test func `the requests that a process was answering when it died are told`() throws {
        #expect(activity.requests(leftBy: ThisProcess.id) == [])
        try die()
        #expect(activity.requests(leftBy: ThisProcess.id) == ["00d069f9f7b8b8cd28ee7e96c284a367"])
        #expect(activity.requests(leftBy: 1) == [])
    }
}
