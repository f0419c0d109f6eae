import FastCGITestSupport
import Linux
import Testing

@testable import WorkerPool

/// How a worker tells how it is, over a socket of its own.
@Suite(.timeLimit(.minutes(10)))
struct StatusDeskTests {
    private typealias Record = FastCGIRecord
    private let second: Int64 = 1_000_000_000

    private func request(_ uri: String = "/") -> [UInt8] { Record.request([("REQUEST_URI", uri)], keep: false) }

    private func ask(_ worker: RunningWorker, _ uri: String = "/") throws -> FastCGIAnswer? {
        try worker.connectForStatus().exchange(request(uri))
    }

    @Test func `it is told while every thread is busy`() throws {
        let worker = try RunningWorker.ready(threads: 2)
        let slow = try (0..<2).map { _ in try worker.connect() }
        for client in slow { try client.send(Record.request([("REQUEST_URI", "/slow")], keep: false)) }
        for _ in slow { #expect(worker.program.began.wait(nanoseconds: 20 * second)) }
        for _ in 0..<100 { #expect(try ask(worker)?.text == "serves") }
        for _ in slow { worker.program.gate.signal() }
        for client in slow { #expect(try client.receive()?.text == "/slow 0") }
        try worker.tell(.drain)
        #expect(worker.hasEnded())
    }

    @Test func `peers that are stuck keep nobody from an answer`() throws {
        let worker = try RunningWorker.ready()
        var stuck: [FastCGIClient] = []
        for number in 0..<(3 * StatusDesk.mostConnections) {
            let client = try worker.connectForStatus()
            // Silent, in the middle of a request, or reading nothing of a large answer.
            switch number % 3 {
            case 0: break
            case 1: try client.send(Array(request().prefix(30)))
            default: try client.send(request("/large"))
            }
            stuck.append(client)
            #expect(try ask(worker)?.text == "serves")
        }
        try worker.tell(.drain)
        #expect(worker.hasEnded())
    }

    @Test func `an answer that is larger than a socket's buffer arrives whole`() throws {
        let worker = try RunningWorker.ready()
        let answer = try ask(worker, "/large")
        #expect(answer?.output == [UInt8](repeating: 7, count: 1 << 20))
        try worker.tell(.drain)
        #expect(worker.hasEnded())
    }

    @Test func `a request that comes byte by byte is answered`() throws {
        let worker = try RunningWorker.ready()
        let client = try worker.connectForStatus()
        for byte in request() { try client.send([byte]) }
        #expect(try client.receive()?.text == "serves")
        #expect(try client.isClosed())
        try worker.tell(.drain)
        #expect(worker.hasEnded())
    }

    /// What no web server sends.
    enum Nonsense: CaseIterable {
        case otherVersion, management, brokenPair, tooLong, otherRole

        var bytes: [UInt8] {
            switch self {
            case .otherVersion: [UInt8](repeating: 9, count: 16)
            case .management: Record.bytes(.getValues, [0, 0, 0, 0, 0, 0, 0, 0])
            case .brokenPair: Record.begin(keep: false) + Record.stream(.params, [200, 1])
            case .tooLong: Record.begin(keep: false) + Record.bytes(.params, [UInt8](repeating: 1, count: 60_000))
            case .otherRole: Record.begin(keep: false, role: 2) + Record.stream(.params, []) + Record.bytes(.stdin)
            }
        }
    }

    @Test(arguments: Nonsense.allCases)
    func `what no web server sends is closed, and the next one is answered`(nonsense: Nonsense) throws {
        let worker = try RunningWorker.ready()
        let client = try worker.connectForStatus()
        // Where the worker closes before all of it is sent or read, either end of it is an error.
        try? client.send(nonsense.bytes)
        #expect((try? client.receive()) == nil)
        #expect(try ask(worker)?.text == "serves")
        try worker.tell(.drain)
        #expect(worker.hasEnded())
    }

    @Test func `a worker that drains for the last time tells so, one in whose place others serve says no more`() throws
    {
        let worker = try RunningWorker.ready()
        let slow = try worker.connect()
        try slow.send(Record.request([("REQUEST_URI", "/slow")], keep: false))
        #expect(worker.program.began.wait(nanoseconds: 20 * second))
        try worker.tell(.drain)
        while try ask(worker)?.text != "drains" {}
        worker.program.gate.signal()
        #expect(worker.hasEnded())

        let replaced = try RunningWorker.ready()
        let busy = try replaced.connect()
        try busy.send(Record.request([("REQUEST_URI", "/slow")], keep: false))
        #expect(replaced.program.began.wait(nanoseconds: 20 * second))
        try replaced.tell(.retire)
        // Whoever comes from now on waits at the socket for those that serve in its place; here are none.
        let visitor = try replaced.connectForStatus()
        try visitor.send(request())
        replaced.program.gate.signal()
        #expect(replaced.hasEnded())
    }
}
