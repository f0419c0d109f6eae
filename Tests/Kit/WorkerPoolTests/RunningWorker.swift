import FastCGI
import FastCGITestSupport
import Linux
import LinuxTestSupport
import Logging
import Synchronization
import Testing

@testable import WorkerPool

/// A worker on threads of the test's own process, and the supervisor's end of its control connection.
final class RunningWorker: Sendable {
    let program: EchoProgram
    let path: String
    /// Where the worker tells how it is.
    let statusPath: String
    private let directory: TemporaryDirectory
    private let control: Mutex<Int32>
    private let end = Semaphore(permits: 0)
    private let failure = Mutex<(any Error)?>(nil)

    init(
        threads: Int = 2,
        requestTimeout: Int64 = 30_000_000_000,
        shutdownTimeout: Int64 = 30_000_000_000,
        headTimeout: Int64 = 30_000_000_000,
        heavyLane: HeavyLaneOptions? = nil,
        program: EchoProgram = EchoProgram()
    ) throws {
        try FastCGILibrary.initialize()
        self.program = program
        directory = try TemporaryDirectory()
        path = directory.file("fcgi.sock")
        let listener = try Sockets.listen(path: path, permissions: 0o660, backlog: 64)
        try listener.setNonblocking(true)
        statusPath = directory.file("status.sock")
        let statusListener = try Sockets.listen(path: statusPath, permissions: 0o660, backlog: 256)
        try statusListener.setNonblocking(true)
        let pair = try Sockets.pair(kind: .packets)
        try Sockets.setTimeouts(pair.first, milliseconds: 20_000)
        let (listening, telling, its) = (listener.release(), statusListener.release(), pair.second.release())
        control = Mutex(pair.first.release())
        let options = WorkerOptions(
            threads: threads,
            requestTimeout: requestTimeout,
            shutdownTimeout: shutdownTimeout,
            headTimeout: headTimeout,
            peers: try AllowedPeers(),
            heavyLane: heavyLane
        )
        _ = try Thread(name: "control") { [self] in
            do {
                let worker = try Worker(
                    options: options,
                    listener: FileDescriptor(owning: listening),
                    control: FileDescriptor(owning: its),
                    statusListener: FileDescriptor(owning: telling),
                    program: program,
                    log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                try worker.run()
            } catch {
                failure.withLock { $0 = error }
            }
            end.signal()
        }
    }

    deinit {
        control.withLock { control in
            if control >= 0 { _ = FileDescriptor(owning: control) }
        }
    }

    /// Starts a worker and waits until it says that it is ready.
    static func ready(
        threads: Int = 2,
        requestTimeout: Int64 = 30_000_000_000,
        shutdownTimeout: Int64 = 30_000_000_000,
        headTimeout: Int64 = 30_000_000_000,
        heavyLane: HeavyLaneOptions? = nil
    ) throws -> RunningWorker {
        let worker = try RunningWorker(
            threads: threads,
            requestTimeout: requestTimeout,
            shutdownTimeout: shutdownTimeout,
            headTimeout: headTimeout,
            heavyLane: heavyLane
        )
        #expect(try worker.message() == .ready)
        try worker.tell(.accept)
        return worker
    }

    /// The next message of the worker but that it lives; nil at the end of the connection.
    func message() throws -> ControlMessage? {
        while true {
            let message = try nextMessage()
            if message != .alive { return message }
        }
    }

    private func nextMessage() throws -> ControlMessage? {
        try control.withLock { control in
            let file = FileDescriptor(owning: control)
            let result = Result { try file.read(upTo: ControlMessage.sizeLimit) }
            _ = file.release()
            return ControlMessage(bytes: try result.get())
        }
    }

    func tell(_ message: ControlMessage, passing descriptors: [Int32] = []) throws {
        try control.withLock { control in
            let file = FileDescriptor(owning: control)
            let result = Result { () throws(SystemError) in
                try Sockets.send(message.bytes, passing: descriptors, over: file)
            }
            _ = file.release()
            try result.get()
        }
    }

    /// Ends the control connection, as the death of a supervisor does.
    func abandon() {
        control.withLock { control in
            _ = FileDescriptor(owning: control)
            control = -1
        }
    }

    func connect() throws -> FastCGIClient { try FastCGIClient(path: path) }

    func connectForStatus() throws -> FastCGIClient { try FastCGIClient(path: statusPath) }

    /// Waits for the end of `run`.
    func hasEnded(within nanoseconds: Int64 = 20_000_000_000) -> Bool { end.wait(nanoseconds: nanoseconds) }

    var error: (any Error)? { failure.withLock { $0 } }
}

/// Answers with the request's URI and the length of its body, or says that it was turned away.
///
/// `/slow` waits for the gate first, and so does `/heavy`. What begins with the latter is heavy.
final class EchoProgram: WorkerProgram {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// Handed out to each `/slow` before it answers.
    let gate = Semaphore(permits: 0)
    /// Signalled when a `/slow` begins.
    let began = Semaphore(permits: 0)
    /// Signalled when a handler is let go of.
    let released = Semaphore(permits: 0)
    /// Signalled by the housekeeping's last call.
    let finished = Semaphore(permits: 0)
    /// Signalled when what runs is to end.
    let cancelled = Semaphore(permits: 0)
    private let handlersLeft: Mutex<Int>

    /// - Parameter handlers: how many handlers can be made before one fails.
    init(handlers: Int = .max) {
        handlersLeft = Mutex(handlers)
    }

    func makeHandler() throws -> RequestHandler {
        try handlersLeft.withLock { left in
            guard left > 0 else { throw Refusal(description: "no table users") }
            left -= 1
        }
        let witness = Witness(released)
        return RequestHandler(isHeavy: Self.isHeavy) { [self] request, admission in
            withExtendedLifetime(witness) { answer(request, admission) }
        }
    }

    func makeHousekeeping() throws -> any Housekeeping { Sweeping(finished) }

    func cancel() { cancelled.signal() }

    /// Tells whether the worker drains; `/large` in more bytes than a socket holds.
    func makeStatusResponder(_ pool: WorkerView) throws -> ((BufferedRequest) -> [UInt8])? {
        { request in
            if request["REQUEST_URI"] == Array("/large".utf8) { return [UInt8](repeating: 7, count: 1 << 20) }
            return Array((pool.isDraining() ? "drains" : "serves").utf8)
        }
    }

    private static func isHeavy(_ request: Request) -> Bool {
        request.withArrivedParameter("REQUEST_URI") { (value: Span<UInt8>?) -> Bool in
            guard let value else { return false }
            return value.indices.map { value[$0] }.starts(with: "/heavy".utf8)
        }
    }

    private func answer(_ request: Request, _ admission: Admission) {
        if admission == .turnedAway { return request.write(Array("turned away".utf8)) }
        let uri = request.withParameter("REQUEST_URI") { (value: Span<UInt8>?) -> String in
            guard let value else { return "-" }
            return String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
        }
        if uri == "/slow" || uri == "/heavy" {
            began.signal()
            _ = gate.wait(nanoseconds: 20_000_000_000)
        }
        if uri == "/unread" { return request.write(Array("unread".utf8)) }
        let count = (try? request.withBody(limit: 1 << 20) { $0.count }) ?? -1
        request.write(Array("\(uri) \(count)".utf8))
    }

    private final class Witness: Sendable {
        private let released: Semaphore

        init(_ released: Semaphore) {
            self.released = released
        }

        deinit {
            released.signal()
        }
    }

    private struct Sweeping: Housekeeping {
        private let finished: Semaphore

        init(_ finished: Semaphore) {
            self.finished = finished
        }

        func tick() {}

        func finish() {
            finished.signal()
        }
    }
}
