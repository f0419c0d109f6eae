import Linux
import LinuxTestSupport
import Observability
import Synchronization
import Testing

struct LogWriterTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("access.log")
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Files.read(path), as: UTF8.self)
    }

    private func eventually(_ what: Comment, _ condition: () throws -> Bool) throws {
        let deadline = SystemClock.monotonicNanoseconds() + 20_000_000_000
        let pause = Semaphore(permits: 0)
        while try !condition() {
            try #require(SystemClock.monotonicNanoseconds() < deadline, what)
            _ = pause.wait(nanoseconds: 5_000_000)
        }
    }

    @Test func `lines are written without anybody asking for it`() throws {
        let writer = try LogWriter(path: path, permissions: 0o640) { Issue.record("\($0)") }
        defer { writer.finish() }
        let buffer = writer.makeBuffer()
        buffer.append(Array("one\n".utf8))
        try eventually("the line is there") { try text(path) == "one\n" }
    }

    @Test func `the end loses nothing`() throws {
        let writer = try LogWriter(path: path, permissions: 0o640) { Issue.record("\($0)") }
        let buffers = (0..<4).map { _ in writer.makeBuffer() }
        for number in 0..<1000 { buffers[number % 4].append(Array("\(number)\n".utf8)) }
        writer.finish()
        #expect(Set(try text(path).split(separator: "\n").compactMap { Int($0) }) == Set(0..<1000))
        #expect(writer.lostLines == 0)
    }

    @Test func `after a reopening nothing more comes to the file before, and no line is lost`() throws {
        let writer = try LogWriter(path: path, permissions: 0o640) { Issue.record("\($0)") }
        let buffer = writer.makeBuffer()
        let hasEnded = Semaphore(permits: 0)
        // On a thread of its own: lines come while the file is moved.
        let lines = Lines(buffer: buffer)
        _ = try Thread(name: "lines") {
            lines.run()
            hasEnded.signal()
        }
        var files: [String] = []
        for number in 0..<5 {
            try eventually("lines come") { try !text(path).isEmpty }
            let moved = directory.file("access.log.\(number)")
            _ = try Shell.run("mv '\(path)' '\(moved)'")
            try writer.reopen()
            let size = try FileStatus(of: moved).size
            try eventually("lines come to the new file") { try !text(path).isEmpty }
            #expect(try FileStatus(of: moved).size == size)
            files.append(moved)
        }
        lines.end()
        try #require(hasEnded.wait(nanoseconds: 20_000_000_000))
        writer.finish()
        let all = try (files + [path]).flatMap { try text($0).split(separator: "\n").compactMap { Int($0) } }
        #expect(all == Array(0..<lines.count))
    }

    @Test func `where the file cannot be made anew the log goes on in the one before`() throws {
        let folder = directory.file("folder")
        try Files.makeDirectory(folder, permissions: 0o755)
        let path = "\(folder)/access.log"
        let writer = try LogWriter(path: path, permissions: 0o640) { Issue.record("\($0)") }
        _ = try Shell.run("mv '\(folder)' '\(folder).moved'")
        #expect(throws: SystemError.self) { try writer.reopen() }
        writer.makeBuffer().append(Array("one\n".utf8))
        writer.finish()
        #expect(try text("\(folder).moved/access.log") == "one\n")
    }

    @Test
    func `a disk that is full is told once, lines wait, and when they are too many they are counted and given up`()
        throws
    {
        let news = Mutex<[String]>([])
        let writer = try LogWriter(path: "/dev/full", permissions: 0o640) { item in
            news.withLock {
                switch item {
                case .failing(let error): $0.append("failing: \(error.reason)")
                case .recovered(let lost): $0.append("recovered: \(lost)")
                }
            }
        }
        defer { writer.finish() }
        let buffer = writer.makeBuffer()
        buffer.append(Array("first\n".utf8))
        try eventually("it is told") { news.withLock { !$0.isEmpty } }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1023) + [10]
        for _ in 0..<600 { buffer.append(line) }
        #expect(writer.lostLines == 88)
        #expect(news.withLock { $0 } == ["failing: No space left on device"])
    }
}

/// A thread that writes numbers, one a line.
private final class Lines: Sendable {
    private let buffer: LineBuffer
    private let state = Mutex((isEnding: false, count: 0))

    init(buffer: LineBuffer) { self.buffer = buffer }

    var count: Int { state.withLock { $0.count } }

    func end() { state.withLock { $0.isEnding = true } }

    func run() {
        let pause = Semaphore(permits: 0)
        while true {
            let number: Int? = state.withLock { state in
                guard !state.isEnding else { return nil }
                state.count += 1
                return state.count - 1
            }
            guard let number else { return }
            buffer.append(Array("\(number)\n".utf8))
            _ = pause.wait(nanoseconds: 100_000)
        }
    }
}
