import Linux
import LinuxTestSupport
import Observability
import Testing

struct LineLogTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("access.log")
    }

    private func makeLog() throws -> LineLog {
        LineLog(file: try Files.open(path, .append(permissions: 0o640)))
    }

    private func lines() throws -> [Substring] {
        String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test func `nothing is written before it is flushed, and each line once`() throws {
        let log = try makeLog()
        let buffer = log.makeBuffer()
        buffer.append(Array("one\n".utf8))
        #expect(try Files.read(path) == [])
        try log.flush()
        try log.flush()
        buffer.append(Array("two\n".utf8))
        try log.flush()
        #expect(try Files.read(path) == Array("one\ntwo\n".utf8))
    }

    @Test func `lines of many threads and two processes' logs are whole, in order, and none is lost`() throws {
        let (threads, count) = (8, 2000)
        let logs = [try makeLog(), try makeLog()]
        let ends = Semaphore(permits: 0)
        for index in 0..<threads {
            let buffer = logs[index % 2].makeBuffer()
            _ = try Thread(name: "writer-\(index)") {
                for number in 0..<count {
                    buffer.append(Array("\(index) \(number) \(String(repeating: "x", count: number % 97))\n".utf8))
                }
                ends.signal()
            }
        }
        var running = threads
        while running > 0 {
            for log in logs { try log.flush() }
            if ends.wait(nanoseconds: 0) { running -= 1 }
        }
        for log in logs { try log.flush() }
        var next = [Int](repeating: 0, count: threads)
        var broken = 0
        for line in try lines().dropLast() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, let index = Int(parts[0]), let number = Int(parts[1]), number == next[index],
                parts[2].utf8.count == number % 97
            else {
                broken += 1
                continue
            }
            next[index] += 1
        }
        #expect(broken == 0)
        #expect(next == [Int](repeating: count, count: threads))
    }

    @Test func `a log that cannot be written says so, and its lines wait`() throws {
        let log = LineLog(file: try Files.open("/dev/full", .append(permissions: 0o640)))
        let buffer = log.makeBuffer()
        buffer.append(Array("first\n".utf8))
        #expect(throws: SystemError("write", errorNumber: 28)) { try log.flush() }
        #expect(throws: SystemError.self) { try log.flush() }
        buffer.append(Array("second\n".utf8))
        log.continueIn(try Files.open(path, .append(permissions: 0o640)))
        try log.flush()
        try log.flush()
        #expect(try Files.read(path) == Array("first\nsecond\n".utf8))
        #expect(log.lostLines == 0)
    }

    @Test func `a line of which only a part could be written is ended there, and written again`() throws {
        let pair = try Sockets.pair(kind: .stream)
        try pair.first.setNonblocking(true)
        try pair.second.setNonblocking(true)
        let log = LineLog(file: pair.first)
        let output = pair.second
        let sent = (0..<3000).map { "\($0) " + String(repeating: "x", count: 150) }
        let buffer = log.makeBuffer()
        for line in sent { buffer.append(Array("\(line)\n".utf8)) }
        var bytes: [UInt8] = []
        func drain() {
            while let part = try? output.read(upTo: 1 << 16), !part.isEmpty { bytes += part }
        }
        var failures = 0
        while true {
            do throws(SystemError) {
                try log.flush()
                break
            } catch {
                // The socket is full.
                try #require(error.errorNumber == 11)
                failures += 1
            }
            drain()
        }
        drain()
        #expect(failures > 0)
        var next = sent[...]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let expected = next.first, line == expected {
                next.removeFirst()
            } else {
                #expect(next.first?.hasPrefix(line) == true)
            }
        }
        #expect(next.isEmpty)
        #expect(log.lostLines == 0)
    }
}
