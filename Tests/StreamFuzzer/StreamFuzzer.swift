internal import FastCGITestSupport
internal import Glibc
internal import Linux
internal import Synchronization

/// Sends streams that no web server sends to a worker in a process of its own, and holds each answer against what the
/// specification says that was asked.
///
///     stream-fuzzer STREAMS [SEED [FIRST]]
///
/// Ends with 1 where the worker ended, or answered what was not asked, or did not answer what was, and names the stream:
/// `stream-fuzzer 1 SEED FIRST` sends that one again.
@main
struct StreamFuzzer {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            if arguments.first == "worker" {
                try FuzzedWorker.run()
                ThisProcess.exitImmediately(0)
            }
            let numbers = arguments.compactMap { UInt64($0) }
            guard numbers.count == arguments.count, let streams = numbers.first, streams > 0 else {
                StandardError.writeLine("usage: stream-fuzzer STREAMS [SEED [FIRST]]")
                ThisProcess.exitImmediately(64)
            }
            SignalDescriptor.ignoreWriteFailures()
            let run = FuzzRun(
                streams: Int(clamping: streams),
                seed: numbers.dropFirst().first ?? 1,
                first: Int(clamping: numbers.dropFirst(2).first ?? 0)
            )
            ThisProcess.exitImmediately(try run.run() ? 0 : 1)
        } catch {
            StandardError.writeLine("stream-fuzzer: \(error)")
            ThisProcess.exitImmediately(2)
        }
    }
}

/// One run: a worker, and clients that send to it.
final class FuzzRun: Sendable {
    private static let clients = 4

    private struct Count {
        var streams = 0
        var answers = 0
        var requests = 0
        var failures: [String] = []
    }

    private let streams: Int
    private let seed: UInt64
    private let first: Int
    private let next: Atomic<Int>
    private let count = Mutex(Count())
    private let isFailing = Atomic(false)

    init(streams: Int, seed: UInt64, first: Int) {
        self.streams = streams
        self.seed = seed
        self.first = first
        next = Atomic(first)
    }

    /// True where all went well.
    func run() throws -> Bool {
        let path = "/tmp/stream-fuzzer.\(ThisProcess.id).sock"
        let listener = try Sockets.listen(path: path, permissions: 0o600, backlog: 128)
        try listener.setNonblocking(true)
        defer { try? Files.remove(path) }
        let pair = try Sockets.pair(kind: .packets)
        let control = pair.first
        let ours = try ThisProcess.executablePath()
        let worker = try ChildProcess.spawn(
            path: ours,
            arguments: [ours, "worker"],
            environment: [],
            descriptors: [listener.number, nil, 2, pair.second.number]
        )
        _ = consume pair.second
        // Only the worker holds it now: where that ends, connecting is refused.
        _ = consume listener
        guard try control.read(upTo: 64) == Array("ready".utf8) else { throw NotReady() }
        try control.writeAll(Array("accept".utf8))

        let start = SystemClock.monotonicNanoseconds()
        let ends = Semaphore(permits: 0)
        for client in 0..<Self.clients {
            _ = try Thread(name: "client-\(client)") { [self] in
                sendStreams(to: path)
                ends.signal()
            }
        }
        for _ in 0..<Self.clients { while !ends.wait(nanoseconds: 1_000_000_000) {} }
        let seconds = Double(SystemClock.monotonicNanoseconds() - start) / 1e9
        // The end of the control connection ends the worker in order.
        _ = consume control
        let end = try ChildProcess.wait(for: worker)
        return report(end, seconds)
    }

    private func report(_ end: ProcessEnd, _ seconds: Double) -> Bool {
        let count = count.withLock { $0 }
        let rate = Int(Double(count.streams) / max(seconds, 0.001))
        let lines = [
            "seed \(seed): \(count.streams) streams in \(Int(seconds.rounded())) s (\(rate)/s)",
            "\(count.requests) asked for something, \(count.answers) answers; the worker \(end)",
        ]
        // Descriptor 1, because the process ends without emptying what `print` keeps.
        let output = FileDescriptor(owning: 1)
        try? output.writeAll(Array((lines + count.failures).joined(separator: "\n").utf8) + [10])
        _ = output.release()
        return count.failures.isEmpty && end == .exited(0) && count.streams == streams
    }

    private func sendStreams(to path: String) {
        while !isFailing.load(ordering: .relaxed) {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < first + streams else { return }
            let bytes = StreamMaker.stream(number, seed: seed)
            let failure: String?
            do throws(SystemError) {
                failure = verdict(on: try answers(to: bytes, at: path), to: bytes)
            } catch {
                failure = "\(error)"
            }
            count.withLock { count in
                count.streams += 1
                if let failure { count.failures.append("stream \(number): \(failure)") }
            }
            if failure != nil { isFailing.store(true, ordering: .relaxed) }
        }
    }

    /// Sends a stream, ends it, and takes all that comes back.
    private func answers(to stream: [UInt8], at path: String) throws(SystemError) -> [UInt8] {
        let connection = try Sockets.connect(path: path)
        try Sockets.setTimeouts(connection, milliseconds: 20_000)
        // Refused in the middle it may be, which closes the connection.
        try? connection.writeAll(stream)
        _ = shutdown(connection.number, Int32(SHUT_WR))
        var received: [UInt8] = []
        while true {
            do throws(SystemError) {
                let part = try connection.read(upTo: 65_536)
                if part.isEmpty { return received }
                received += part
            } catch {
                if error.isReset { return received }
                throw error
            }
        }
    }

    /// What is wrong with the answers, or nil.
    private func verdict(on received: [UInt8], to bytes: [UInt8]) -> String? {
        // The inspection's window.
        let stream = FastCGIStream(bytes, window: 72 << 10)
        var rest = received
        var answers: [FastCGIAnswer] = []
        while let answer = FastCGIAnswer.take(from: &rest) { answers.append(answer) }
        count.withLock { count in
            count.answers += answers.count
            if !stream.requests.isEmpty { count.requests += 1 }
        }
        // Behind the answer to a long body that was left unread, after which nothing is answered.
        guard rest.isEmpty || rest == FastCGIRecord.farewell else { return "an answer is not whole" }
        // One piece in the socket: all of it is looked at before anything is taken.
        if bytes.count < 16 << 10 {
            let isAsked = stream.isWhole && stream.requests.count == 1
            guard answers.count == (isAsked ? 1 : 0) else { return "\(answers.count) answers, asked: \(isAsked)" }
        }
        guard answers.count <= stream.requests.count else {
            return "\(answers.count) answers to \(stream.requests.count) requests"
        }
        for (answer, request) in zip(answers, stream.requests) {
            let uri = request.value("REQUEST_URI") ?? []
            let lengths = uri.starts(with: "/read".utf8) ? [-1, request.bodyLength ?? -1].map { "\($0)" } : ["unread"]
            guard lengths.contains(where: { answer.output == uri + " \($0)".utf8 }) else {
                return "\"\(answer.text)\" was not asked for"
            }
        }
        return nil
    }

    private struct NotReady: Error, CustomStringConvertible {
        let description = "the worker is not ready"
    }
}
