import FastCGITestSupport
import Linux
import LinuxTestSupport
import Testing
import WorkerPool

/// A supervisor and its workers as real processes: the program `pool-probe`, which stands beside the tests.
final class RunningPool {
    struct Silence: Error {}

    let directory: TemporaryDirectory
    private(set) var supervisor: Int32
    private let log: FileDescriptor
    private(set) var logged = ""

    // `shell` are commands of sh before the supervisor, for what it is to inherit; `descriptors` it finds from 3 on.
    init(
        plan: String,
        shell: String = ":",
        descriptors: [Int32?] = [],
        in directory: TemporaryDirectory? = nil
    ) throws {
        self.directory = try directory ?? TemporaryDirectory()
        let pair = try Sockets.pair(kind: .stream)
        try Sockets.setTimeouts(pair.first, milliseconds: 30_000)
        try Files.replace(self.directory.file("plan"), with: Array(plan.utf8), permissions: 0o600)
        let script = "\(shell); exec '\(try BuiltProgram.path("pool-probe"))' serve '\(self.directory.path)'"
        supervisor = try Shell.start(script, output: pair.second, descriptors: descriptors)
        log = FileDescriptor(owning: pair.first.release())
    }

    deinit {
        guard supervisor > 0 else { return }
        ChildProcess.send(.interrupt, to: supervisor)
        _ = try? ChildProcess.wait(for: supervisor)
    }

    /// Starts a pool and waits until it serves.
    static func serving(plan: String, shell: String = ":", descriptors: [Int32?] = []) throws -> RunningPool {
        let pool = try RunningPool(plan: plan, shell: shell, descriptors: descriptors)
        try pool.wait(for: "serving")
        return pool
    }

    /// Reads the log until some words have come; what was read before does not count again.
    func wait(for words: String) throws {
        while true {
            if let range = logged.firstRange(of: words) {
                logged.removeSubrange(..<range.upperBound)
                return
            }
            let part = try log.read(upTo: 65_536)
            if part.isEmpty {
                Issue.record("the log ended: \(logged)")
                throw Silence()
            }
            logged += String(decoding: part, as: UTF8.self)
        }
    }

    func plan(_ words: String) throws {
        try Files.replace(directory.file("plan"), with: Array(words.utf8), permissions: 0o600)
    }

    func command(_ text: String) throws -> String {
        try CommandSocket.send(text, to: directory.file("command.sock"))
    }

    func send(_ signal: Signal) {
        ChildProcess.send(signal, to: supervisor)
    }

    func connect() throws -> FastCGIClient { try FastCGIClient(path: directory.file("fcgi.sock")) }

    /// Asks a worker on a connection of its own and gives its process id.
    func ask(_ uri: String = "/") throws -> Int32? {
        let answer = try connect().exchange(FastCGIRecord.request([("REQUEST_URI", uri)], keep: false))
        return answer.flatMap { Int32($0.text) }
    }

    /// Waits until another worker answers; one that was told to drain accepts until it has read that.
    func waitForAnother(than old: Int32) throws {
        let deadline = SystemClock.monotonicNanoseconds() + 20_000_000_000
        while try ask() == old { try #require(SystemClock.monotonicNanoseconds() < deadline) }
    }

    /// Waits for the end of the supervisor.
    func end() throws -> ProcessEnd {
        defer { supervisor = -1 }
        return try ChildProcess.wait(for: supervisor)
    }

    /// Waits until no process of the program has `words` among its arguments.
    func waitUntilGone(_ words: String, _ rest: String = "") throws {
        // The brackets keep the pattern from matching the shell that looks.
        let pattern = "[p]ool-probe \(words) \(directory.path)\(rest)"
        let script = "for i in $(seq 200); do pgrep -f '\(pattern)' || exit 0; sleep 0.05; done; exit 1"
        #expect(try Shell.run(script).end == .exited(0))
    }

    /// Waits until the workers of a generation have ended: one that was told to retire accepts until it has read that.
    func waitUntilGone(generation: Int) throws {
        try waitUntilGone("worker", " --generation \(generation) ")
    }

    /// Waits until a worker has ended and the supervisor has taken note of it.
    func waitUntilEnded(_ worker: Int32) throws {
        let script = "for i in $(seq 400); do kill -0 \(worker) || exit 0; sleep 0.05; done; exit 1"
        #expect(try Shell.run(script).end == .exited(0))
    }
}
