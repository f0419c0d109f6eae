import FastCGITestSupport
import Linux
import Testing

@testable import WorkerPool

@Suite(.timeLimit(.minutes(10)))
struct WorkerTests {
    private typealias Record = FastCGIRecord
    private let second: Int64 = 1_000_000_000

    private func request(_ uri: String, body: [UInt8] = [], keep: Bool = true) -> [UInt8] {
        Record.request([("REQUEST_URI", uri)], body: body, keep: keep)
    }

    private func end(_ worker: RunningWorker) throws {
        try worker.tell(.drain)
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    // MARK: - Serving

    @Test func `a worker says that it is ready, and serves`() throws {
        let worker = try RunningWorker.ready()
        #expect(try worker.connect().exchange(request("/a", body: [1, 2]))?.text == "/a 2")
        #expect(try worker.connect().exchange(request("/b", keep: false))?.text == "/b 0")
        try end(worker)
    }

    @Test func `idle kept connections starve nobody, however few threads there are`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        var clients: [FastCGIClient] = []
        for number in 0..<7 {
            clients.append(try worker.connect())
            #expect(try clients[number].exchange(request("/\(number)"))?.text == "/\(number) 0")
        }
        for round in 0..<20 {
            for client in clients { #expect(try client.exchange(request("/\(round)"))?.text == "/\(round) 0") }
        }
        try end(worker)
    }

    @Test func `a thread that is busy leaves the other to everybody else`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let slow = try worker.connect()
        try slow.send(request("/slow"))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        for _ in 0..<50 { #expect(try worker.connect().exchange(request("/fast", keep: false))?.text == "/fast 0") }
        worker.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 0")
        try end(worker)
    }

    @Test func `many clients on few threads get each its own answer`() throws {
        let worker = try RunningWorker.ready(threads: 3)
        let ends = Semaphore(permits: 0)
        for client in 0..<12 {
            _ = try Thread(name: "client-\(client)") {
                do {
                    var connection = try worker.connect()
                    for number in 0..<200 {
                        let uri = number.isMultiple(of: 7) ? "/unread" : "/\(client)/\(number)"
                        let keep = !number.isMultiple(of: 5)
                        let body = [UInt8](repeating: 1, count: number * 97 % 20_000)
                        let answer = try connection.exchange(request(uri, body: body, keep: keep))?.text
                        #expect(answer == (uri == "/unread" ? "unread" : "\(uri) \(body.count)"))
                        if !keep { connection = try worker.connect() }
                    }
                } catch {
                    Issue.record(error)
                }
                ends.signal()
            }
        }
        for _ in 0..<12 { #expect(ends.wait(nanoseconds: 60 * second)) }
        try end(worker)
    }

    // MARK: - Heads that do not come

    @Test func `silent connections and halves of heads cost no thread, and are closed in time`() throws {
        let worker = try RunningWorker.ready(threads: 1, headTimeout: 3 * second)
        let whole = request("/a")
        let began = SystemClock.monotonicNanoseconds()
        var clients: [FastCGIClient] = []
        for count in [0, 0, 1, 20, 40] {
            let client = try worker.connect()
            try client.send(Array(whole.prefix(count)))
            clients.append(client)
        }
        // One that was kept is not silent: it may wait for ever.
        let kept = try worker.connect()
        #expect(try kept.exchange(request("/kept"))?.text == "/kept 0")
        try #require(SystemClock.monotonicNanoseconds() - began < 3 * second, "the machine is too slow for this test")
        for client in clients { #expect(try client.isClosed()) }
        let lasted = SystemClock.monotonicNanoseconds() - began
        #expect(lasted >= 3 * second && lasted < 20 * second)
        #expect(try kept.exchange(request("/kept"))?.text == "/kept 0")
        try end(worker)
    }

    @Test func `a request that waits for a thread longer than a head may take is served all the same`() throws {
        let worker = try RunningWorker.ready(threads: 1, headTimeout: second / 4)
        let slow = try worker.connect()
        try slow.send(request("/slow"))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        let next = try worker.connect()
        try next.send(request("/next"))
        // Longer than the limit and the round of the control thread that sees to it.
        #expect(!worker.program.began.wait(nanoseconds: second))
        worker.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 0")
        #expect(try next.receive()?.text == "/next 0")
        try end(worker)
    }

    @Test func `half a head on a kept connection is closed in time too`() throws {
        let worker = try RunningWorker.ready(threads: 1, headTimeout: second / 4)
        let client = try worker.connect()
        #expect(try client.exchange(request("/a"))?.text == "/a 0")
        try client.send(Array(request("/b").prefix(30)))
        #expect(try client.isClosed())
        try end(worker)
    }

    @Test(arguments: [1, 15, 16, 24, 30])
    func `a head that comes in two parts is served`(count: Int) throws {
        let worker = try RunningWorker.ready(threads: 1)
        let client = try worker.connect()
        let kept = try worker.connect()
        for _ in 0..<3 {
            try client.send(Array(request("/two").prefix(count)))
            // A round on another connection, so that the first part has been looked at.
            #expect(try kept.exchange(request("/one"))?.text == "/one 0")
            try client.send(Array(request("/two").dropFirst(count)))
            #expect(try client.receive()?.text == "/two 0")
        }
        try end(worker)
    }

    @Test func `a silent connection that speaks at last is served`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        let silent = try worker.connect()
        let other = try worker.connect()
        #expect(try other.exchange(request("/other"))?.text == "/other 0")
        #expect(try silent.exchange(request("/silent"))?.text == "/silent 0")
        try end(worker)
    }

    @Test func `a head that is cut off or malformed closes the connection at once`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        for count in [0, 1, 20, 40] {
            let client = try worker.connect()
            try client.send(Array(request("/a").prefix(count)))
            client.close()
            #expect(try client.isClosed())
        }
        for bytes in [
            Array("GET / HTTP/1.1\r\n\r\n".utf8), Record.bytes(.getValues, Record.pair("FCGI_MAX_CONNS", "")),
        ] {
            let client = try worker.connect()
            try client.send(bytes)
            #expect(try client.isClosed())
            // The same where the beginning was good.
            let slow = try worker.connect()
            try slow.send(Record.begin(keep: true))
            #expect(try worker.connect().exchange(request("/a", keep: false))?.text == "/a 0")
            try slow.send(bytes)
            #expect(try slow.isClosed())
        }
        #expect(try worker.connect().exchange(request("/a"))?.text == "/a 0")
        try end(worker)
    }

    // MARK: - Time limits

    @Test func `a long body that stops coming frees its thread when the time is over`() throws {
        let worker = try RunningWorker.ready(threads: 1, requestTimeout: second / 2)
        let client = try worker.connect()
        // More than is waited for before a thread takes the request.
        let whole = request("/a", body: [UInt8](repeating: 1, count: 200_000))
        try client.send(Array(whole.prefix(100_000)))
        // The only thread is held by it; this waits until it is free.
        #expect(try worker.connect().exchange(request("/b"))?.text == "/b 0")
        _ = try client.receive()
        #expect(try client.isClosed())
        try end(worker)
    }

    @Test func `a body that comes in parts is served without delay`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        let client = try worker.connect()
        let other = try worker.connect()
        let whole = request("/a", body: [UInt8](repeating: 1, count: 3000))
        var times: [Int64] = []
        for _ in 0..<41 {
            try client.send(Array(whole.prefix(500)))
            #expect(try other.exchange(request("/b"))?.text == "/b 0")
            let began = SystemClock.monotonicNanoseconds()
            try client.send(Array(whole.dropFirst(500)))
            #expect(try client.receive()?.text == "/a 3000")
            times.append(SystemClock.monotonicNanoseconds() - began)
        }
        // By the rounds of the control thread alone half of them would take more than 50 ms.
        #expect(times.sorted()[20] < second / 30)
        try end(worker)
    }

    @Test func `a peer that sends a long body which nobody reads holds no thread and gets its answer`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        let slow = try worker.connect()
        let whole = request("/unread", body: [UInt8](repeating: 1, count: 1_500_000))
        try slow.send(Array(whole.prefix(100_000)))
        #expect(try slow.receive()?.text == "unread")
        #expect(slow.isTold)
        // The only thread serves others.
        #expect(try worker.connect().exchange(request("/b"))?.text == "/b 0")
        // No write fails, though it is far more than the socket holds: a web server would take that for a dead peer.
        try slow.send(Array(whole.dropFirst(100_000)))
        #expect(try slow.isClosed())
        slow.close()
        let refused = try worker.connect()
        #expect(try refused.exchange(request("/a", body: [UInt8](repeating: 1, count: 1_100_000)))?.text == "/a -1")
        #expect(refused.isTold)
        #expect(try refused.isClosed())
        refused.close()
        try end(worker)
    }

    @Test func `a peer that sends without end after its answer is closed, and one that is silent too`() throws {
        let worker = try RunningWorker.ready(threads: 1, headTimeout: second / 2)
        let start = Array(request("/unread", body: [UInt8](repeating: 1, count: 200_000)).prefix(100_000))
        let silent = try worker.connect()
        try silent.send(start)
        let endless = try worker.connect()
        try endless.send(start)
        for client in [silent, endless] { #expect(try client.receive()?.text == "unread") }
        let part = [UInt8](repeating: 1, count: 65_536)
        #expect(throws: SystemError.self) {
            for _ in 0..<100_000 { try endless.send(part) }
        }
        let began = SystemClock.monotonicNanoseconds()
        while (try? silent.send([1])) != nil {
            try #require(SystemClock.monotonicNanoseconds() - began < 20 * second)
        }
        #expect(try worker.connect().exchange(request("/b"))?.text == "/b 0")
        try end(worker)
    }

    @Test func `a drain waits for the rest of a body whose request was answered`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        let client = try worker.connect()
        let whole = request("/unread", body: [UInt8](repeating: 1, count: 1_000_000))
        try client.send(Array(whole.prefix(100_000)))
        #expect(try client.receive()?.text == "unread")
        try worker.tell(.drain)
        #expect(!worker.hasEnded(within: second / 5))
        try client.send(Array(whole.dropFirst(100_000)))
        client.close()
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    @Test func `a long body is served, and its records are no one's requests`() throws {
        let worker = try RunningWorker.ready(threads: 1)
        let forged = request("/forged")
        for alignment in 0..<16 {
            var body = [UInt8](repeating: 0, count: alignment)
            while body.count < 150_000 { body += forged + [UInt8](repeating: 0, count: 15) }
            let client = try worker.connect()
            #expect(try client.exchange(request("/a", body: body))?.text == "/a \(body.count)")
            #expect(try client.exchange(request("/b"))?.text == "/b 0")
            #expect(try client.exchange(request("/unread", body: body))?.text == "unread")
            #expect(client.isTold)
            #expect(try client.isClosed())
        }
        try end(worker)
    }

    // MARK: - The end

    @Test func `a worker that retires serves each kept connection once more, and waits for idle ones`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let clients = try (0..<5).map { _ in try worker.connect() }
        for client in clients { #expect(try client.exchange(request("/a"))?.text == "/a 0") }
        try worker.tell(.retire)
        for (number, client) in clients.dropLast().enumerated() {
            // The first ones may be served before the message is read.
            var count = 0
            repeat {
                try #require(count < 100)
                #expect(try client.exchange(request("/\(count)"))?.text == "/\(count) 0")
                count += 1
            } while !client.isTold
            #expect(number == 0 || count == 1)
            #expect(try client.isClosed())
        }
        #expect(!worker.hasEnded(within: second / 5))
        // The web server lets go of the last.
        try #require(clients.last).close()
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    @Test func `a worker that retires leaves idle and busy connections to its heir, which loses no request`() throws {
        let old = try RunningWorker.ready(threads: 2)
        let heir = try RunningWorker.ready(threads: 2)
        let idle = try (0..<100).map { _ in try old.connect() }
        for client in idle { #expect(try client.exchange(request("/a"))?.text == "/a 0") }
        let slow = try old.connect()
        try slow.send(request("/slow"))
        #expect(old.program.began.wait(nanoseconds: 20 * second))
        let half = try old.connect()
        #expect(try half.exchange(request("/a"))?.text == "/a 0")
        try half.send(Array(request("/half").prefix(20)))
        let pair = try Sockets.pair(kind: .packets)
        try heir.tell(.inherit, passing: [pair.first.number])
        try old.tell(.retire, passing: [pair.second.number])
        _ = consume pair
        #expect(!old.hasEnded(within: second / 5))
        try half.send(Array(request("/half").dropFirst(20)))
        #expect(try half.receive()?.text == "/half 0")
        old.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 0")
        #expect(old.hasEnded())
        #expect(old.error == nil)
        for client in idle + [slow, half] {
            #expect(!client.isTold)
            #expect(try client.exchange(request("/b"))?.text == "/b 0")
        }
        try end(heir)
    }

    @Test func `a worker whose heir has gone keeps its connections and asks for another`() throws {
        let old = try RunningWorker.ready(threads: 2)
        let client = try old.connect()
        #expect(try client.exchange(request("/a"))?.text == "/a 0")
        do {
            let pair = try Sockets.pair(kind: .packets)
            try old.tell(.retire, passing: [pair.second.number])
        }
        #expect(try old.message() == .heirless)
        let heir = try RunningWorker.ready(threads: 2)
        let pair = try Sockets.pair(kind: .packets)
        try heir.tell(.inherit, passing: [pair.first.number])
        try old.tell(.retire, passing: [pair.second.number])
        _ = consume pair
        #expect(old.hasEnded())
        #expect(try client.exchange(request("/b"))?.text == "/b 0")
        try end(heir)
    }

    @Test func `a worker that retires and is then told to drain leaves idle connections`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let client = try worker.connect()
        #expect(try client.exchange(request("/a"))?.text == "/a 0")
        try worker.tell(.retire)
        #expect(!worker.hasEnded(within: second / 5))
        try end(worker)
    }

    @Test func `a worker retires no longer than the shutdown timeout`() throws {
        let worker = try RunningWorker.ready(threads: 2, shutdownTimeout: second / 5)
        let client = try worker.connect()
        #expect(try client.exchange(request("/a"))?.text == "/a 0")
        try worker.tell(.retire)
        #expect(worker.hasEnded())
    }

    @Test func `a drain finishes what runs and closes the connection`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let slow = try worker.connect()
        let idle = try worker.connect()
        #expect(try idle.exchange(request("/idle"))?.text == "/idle 0")
        try slow.send(request("/slow", body: [1, 2, 3]))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        try worker.tell(.drain)
        #expect(!worker.hasEnded(within: second / 5))
        worker.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 3")
        #expect(try slow.isClosed())
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    @Test func `a worker that drains lets go of the listening socket while a request still runs`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let slow = try worker.connect()
        try slow.send(request("/slow"))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        worker.abandon()
        let deadline = SystemClock.monotonicNanoseconds() + 20 * second
        while true {
            do throws(SystemError) {
                _ = try Sockets.connect(path: worker.path)
            } catch {
                #expect(error.isRefused)
                break
            }
            try #require(SystemClock.monotonicNanoseconds() < deadline)
        }
        // A new supervisor's socket takes the place.
        _ = try Sockets.listen(path: worker.path, permissions: 0o660, backlog: 8)
        worker.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 0")
        #expect(worker.hasEnded())
    }

    @Test func `a request that outlasts the shutdown timeout does not keep the worker`() throws {
        let worker = try RunningWorker.ready(threads: 2, shutdownTimeout: second / 2)
        let slow = try worker.connect()
        try slow.send(request("/slow"))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        try worker.tell(.drain)
        #expect(worker.hasEnded())
        #expect(worker.program.finished.wait(nanoseconds: 0))
        worker.program.gate.signal()
    }

    @Test func `what outlasts the shutdown timeout is cancelled, and answered where it ends by that`() throws {
        let worker = try RunningWorker.ready(threads: 2, shutdownTimeout: second / 5)
        let slow = try worker.connect()
        try slow.send(request("/slow"))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        try worker.tell(.drain)
        #expect(worker.program.cancelled.wait(nanoseconds: 20 * second))
        worker.program.gate.signal()
        #expect(try slow.receive()?.text == "/slow 0")
        #expect(worker.hasEnded())
    }

    @Test func `nothing is cancelled of a worker that finishes in time`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        #expect(try worker.connect().exchange(request("/a"))?.text == "/a 0")
        try end(worker)
        #expect(!worker.program.cancelled.wait(nanoseconds: 0))
    }

    @Test func `a worker without requests ends at once, with all its threads and one last sweep`() throws {
        let worker = try RunningWorker.ready(threads: 4)
        _ = try worker.connect().exchange(request("/a"))
        #expect(!worker.program.finished.wait(nanoseconds: 0))
        try end(worker)
        #expect(worker.program.finished.wait(nanoseconds: 0))
        for _ in 0..<4 { #expect(worker.program.released.wait(nanoseconds: 20 * second)) }
        #expect(try worker.message() == nil)
    }

    @Test func `the end of the supervisor ends the worker`() throws {
        let worker = try RunningWorker.ready()
        worker.abandon()
        #expect(worker.hasEnded())
        #expect(worker.error == nil)
    }

    @Test func `messages that mean nothing to a worker are passed over`() throws {
        let worker = try RunningWorker.ready()
        try worker.tell(.ready)
        try worker.tell(.failed("x"))
        #expect(try worker.connect().exchange(request("/a"))?.text == "/a 0")
        try end(worker)
    }

    @Test func `a handler that cannot be made keeps the worker from starting, and says why`() throws {
        let worker = try RunningWorker(threads: 4, program: EchoProgram(handlers: 2))
        #expect(try worker.message() == .failed("no table users"))
        #expect(worker.hasEnded())
        #expect(worker.error.map { "\($0)" } == "no table users")
    }

    @Test func `quit ends the process at once with status 0`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let worker = try RunningWorker.ready()
            let slow = try worker.connect()
            try slow.send(FastCGIRecord.request([("REQUEST_URI", "/slow")], keep: true))
            _ = worker.program.began.wait(nanoseconds: 20_000_000_000)
            try worker.tell(.quit)
            _ = worker.hasEnded()
            ThisProcess.exitImmediately(7)
        }
    }
}
