import Linux
import Synchronization
import Testing

struct EpollTests {
    @Test func `a readable descriptor is reported as long as it is so`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        try epoll.add(pair.second.number, .readable, token: 42)
        #expect(epoll.wait(milliseconds: 0) == nil)
        try pair.first.writeAll([1])
        #expect(epoll.wait(milliseconds: 1000) == 42)
        #expect(epoll.wait(milliseconds: 1000) == 42)
        #expect(try pair.second.read(upTo: 9) == [1])
        #expect(epoll.wait(milliseconds: 0) == nil)
    }

    @Test func `once means once until it is armed again`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        try epoll.add(pair.second.number, .readableOnce, token: 1)
        try pair.first.writeAll([1])
        #expect(epoll.wait(milliseconds: 1000) == 1)
        try pair.first.writeAll([2])
        #expect(epoll.wait(milliseconds: 0) == nil)
        try epoll.rearm(pair.second.number, token: .max)
        #expect(epoll.wait(milliseconds: 1000) == .max)
        #expect(epoll.wait(milliseconds: 0) == nil)
    }

    @Test func `a peer that closes is reported once too`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        try epoll.add(pair.second.number, .readableOnce, token: 1)
        Sockets.shutdown(pair.first.number)
        #expect(epoll.wait(milliseconds: 1000) == 1)
        #expect(epoll.wait(milliseconds: 0) == nil)
    }

    @Test func `of two threads that wait one gets the event`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        let stop = try EventDescriptor()
        let seen = Mutex<[UInt64]>([])
        let news = Semaphore(permits: 0)
        try epoll.add(pair.second.number, .readableOnce, token: 1)
        try withThreads(2) {
            while let token = epoll.wait(milliseconds: 10_000), token != 0 {
                seen.withLock { $0.append(token) }
                news.signal()
            }
        } while: {
            for round in 1...200 as ClosedRange<UInt64> {
                try pair.first.writeAll([1])
                #expect(news.wait(nanoseconds: 10_000_000_000))
                #expect(try pair.second.read(upTo: 9) == [1])
                try epoll.rearm(pair.second.number, token: round + 1)
            }
            try epoll.add(stop.number, .readable, token: 0)
            stop.set()
        }
        #expect(seen.withLock { $0 } == Array(1...200))
    }

    @Test func `a set event wakes every thread that waits`() throws {
        let epoll = try Epoll()
        let stop = try EventDescriptor()
        try epoll.add(stop.number, .readable, token: 9)
        let tokens = Mutex<[UInt64?]>([])
        try withThreads(4) {
            let token = epoll.wait(milliseconds: 10_000)
            tokens.withLock { $0.append(token) }
        } while: {
            stop.set()
        }
        #expect(tokens.withLock { $0 } == [9, 9, 9, 9])
    }

    @Test func `a removed descriptor is silent, and removing it again is fine`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        try epoll.add(pair.second.number, .readable, token: 1)
        try pair.first.writeAll([1])
        epoll.remove(pair.second.number)
        epoll.remove(pair.second.number)
        #expect(epoll.wait(milliseconds: 0) == nil)
        #expect(throws: SystemError("epoll_ctl", errorNumber: 2)) { try epoll.rearm(pair.second.number, token: 1) }
    }

    @Test func `adding a descriptor twice says that it is there`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let epoll = try Epoll()
        try epoll.add(pair.second.number, .readable, token: 1)
        let error = #expect(throws: SystemError.self) { try epoll.add(pair.second.number, .readable, token: 2) }
        #expect(error?.isPresent == true)
    }

    @Test func `an event that is exclusive to one set does not get lost`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let first = try Epoll()
        let second = try Epoll()
        try first.add(pair.second.number, .readableExclusive, token: 1)
        try second.add(pair.second.number, .readableExclusive, token: 2)
        try pair.first.writeAll([1])
        #expect(first.wait(milliseconds: 1000) == 1 || second.wait(milliseconds: 1000) == 2)
    }

    /// Runs `body` on some threads while the test goes on, and waits for them.
    private func withThreads(
        _ count: Int,
        _ body: @escaping @Sendable () -> Void,
        while work: () throws -> Void
    ) throws {
        let ends = Semaphore(permits: 0)
        for index in 0..<count {
            _ = try Thread(name: "test-\(index)") {
                body()
                ends.signal()
            }
        }
        try work()
        for _ in 0..<count { #expect(ends.wait(nanoseconds: 20_000_000_000)) }
    }
}
