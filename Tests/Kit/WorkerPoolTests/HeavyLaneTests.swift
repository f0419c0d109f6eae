import FastCGITestSupport
import Linux
import Testing

@testable import WorkerPool

@Suite(.timeLimit(.minutes(10)))
struct HeavyLaneTests {
    private typealias Record = FastCGIRecord
    private let second: Int64 = 1_000_000_000

    private func request(_ uri: String, body: [UInt8] = [], keep: Bool = true) -> [UInt8] {
        Record.request([("REQUEST_URI", uri)], body: body, keep: keep)
    }

    /// A worker of one handler thread whose lane is as said.
    private func worker(lane: Int = 1, backlog: Int = 100, patience: Int64 = 60_000_000_000) throws -> RunningWorker {
        try .ready(threads: 1, heavyLane: HeavyLaneOptions(threads: lane, backlog: backlog, patience: patience))
    }

    /// A client whose heavy request is being served, and does not end before the gate opens.
    private func occupy(_ worker: RunningWorker) throws -> FastCGIClient {
        let client = try worker.connect()
        try client.send(request("/heavy"))
        try #require(worker.program.began.wait(nanoseconds: 20 * second))
        return client
    }

    @Test func `who comes first is served first, and only so many and so long`() {
        let lane = HeavyLane(options: HeavyLaneOptions(threads: 1, backlog: 3, patience: 100))
        func add(_ number: Int32, at now: Int64) -> Bool {
            lane.add(HeavyLane.Waiting(connection: number, head: nil, isWatched: true), now: now)
        }
        #expect(lane.isEmpty)
        #expect(add(7, at: 0) && add(8, at: 1) && add(9, at: 50))
        #expect(!add(10, at: 60))
        #expect(lane.wait())
        #expect(lane.take()?.connection == 7)
        #expect(lane.takeOverdue(now: 101) == [])
        #expect(lane.takeOverdue(now: 102).map(\.connection) == [8])
        #expect(lane.take()?.connection == 9)
        #expect(lane.take() == nil)
        #expect(lane.isEmpty)
        // One permit of what is no longer there, two of what was taken otherwise, and the end.
        #expect(lane.wait() && lane.wait())
        lane.end()
        #expect(!lane.wait())
    }

    private func end(_ worker: RunningWorker) throws {
        try worker.tell(.drain)
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    @Test func `while heavy requests fill their threads and wait, all others are served`() throws {
        let worker = try worker(lane: 2)
        var heavy = [try occupy(worker), try occupy(worker)]
        for _ in 0..<20 {
            heavy.append(try worker.connect())
            try heavy[heavy.count - 1].send(request("/heavy"))
        }
        let kept = try worker.connect()
        for number in 0..<50 {
            #expect(try kept.exchange(request("/\(number)"))?.text == "/\(number) 0")
            #expect(try worker.connect().exchange(request("/new", keep: false))?.text == "/new 0")
        }
        for _ in heavy { worker.program.gate.signal() }
        for client in heavy { #expect(try client.receive()?.text == "/heavy 0") }
        try end(worker)
    }

    @Test
    func `a heavy request is served as any other when its turn comes, with a long body and on a kept connection too`()
        throws
    {
        let worker = try worker()
        let first = try occupy(worker)
        let body = [UInt8](repeating: 7, count: 200_000)
        var waiting: [FastCGIClient] = []
        for number in 0..<5 {
            let client = try worker.connect()
            // Once on a connection that was kept, and not only on new ones; among them one whose body is long.
            if number > 2 { #expect(try client.exchange(request("/a"))?.text == "/a 0") }
            try client.send(request("/heavy/\(number)", body: number == 1 ? body : []))
            // An answer on another connection: the one thread has taken the heavy request by then.
            #expect(try worker.connect().exchange(request("/b", keep: false))?.text == "/b 0")
            waiting.append(client)
        }
        worker.program.gate.signal()
        #expect(try first.receive()?.text == "/heavy 0")
        for (number, client) in waiting.enumerated() {
            #expect(try client.receive()?.text == "/heavy/\(number) \(number == 1 ? body.count : 0)")
            if number != 1 { #expect(try client.exchange(request("/again"))?.text == "/again 0") }
        }
        try end(worker)
    }

    @Test func `what finds too many waiting is turned away at once`() throws {
        let worker = try worker(backlog: 2)
        let first = try occupy(worker)
        var waiting: [FastCGIClient] = []
        for _ in 0..<2 {
            waiting.append(try worker.connect())
            try waiting[waiting.count - 1].send(request("/heavy"))
            #expect(try worker.connect().exchange(request("/b", keep: false))?.text == "/b 0")
        }
        let late = try worker.connect()
        for _ in 0..<3 { #expect(try late.exchange(request("/heavy"))?.text == "turned away") }
        #expect(try late.exchange(request("/c"))?.text == "/c 0")
        for _ in 0..<3 { worker.program.gate.signal() }
        for client in [first] + waiting { #expect(try client.receive()?.text == "/heavy 0") }
        // There is room again.
        worker.program.gate.signal()
        #expect(try late.exchange(request("/heavy"))?.text == "/heavy 0")
        try end(worker)
    }

    @Test func `what has waited too long is turned away, though its threads are busy`() throws {
        let worker = try worker(patience: second / 4)
        let first = try occupy(worker)
        let began = SystemClock.monotonicNanoseconds()
        let new = try worker.connect()
        let kept = try worker.connect()
        #expect(try kept.exchange(request("/a"))?.text == "/a 0")
        try new.send(request("/heavy"))
        try kept.send(request("/heavy"))
        for client in [new, kept] {
            #expect(try client.receive()?.text == "turned away")
            #expect(SystemClock.monotonicNanoseconds() - began >= second / 4)
            #expect(try client.exchange(request("/b"))?.text == "/b 0")
        }
        worker.program.gate.signal()
        #expect(try first.receive()?.text == "/heavy 0")
        // Nobody begins what was turned away.
        #expect(!worker.program.began.wait(nanoseconds: second / 4))
        try end(worker)
    }

    @Test func `nothing is done for who has gone`() throws {
        let worker = try worker()
        let first = try occupy(worker)
        for _ in 0..<5 {
            let client = try worker.connect()
            try client.send(request("/heavy"))
            #expect(try worker.connect().exchange(request("/b", keep: false))?.text == "/b 0")
            client.close()
        }
        let last = try worker.connect()
        try last.send(request("/heavy"))
        for _ in 0..<2 { worker.program.gate.signal() }
        #expect(try first.receive()?.text == "/heavy 0")
        #expect(try last.receive()?.text == "/heavy 0")
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        #expect(!worker.program.began.wait(nanoseconds: second / 4))
        try end(worker)
    }

    @Test func `a drain serves what waits`() throws {
        let worker = try worker()
        var clients = [try occupy(worker)]
        for _ in 0..<3 {
            clients.append(try worker.connect())
            try clients[clients.count - 1].send(request("/heavy"))
            #expect(try worker.connect().exchange(request("/b", keep: false))?.text == "/b 0")
        }
        try worker.tell(.drain)
        #expect(!worker.hasEnded(within: second / 4))
        for _ in clients { worker.program.gate.signal() }
        for client in clients { #expect(try client.receive()?.text == "/heavy 0") }
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }
}
