import Linux
import LinuxTestSupport
import Synchronization
import Testing

struct SocketsTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("socket")
    }

    private func listen(_ path: String) throws(SystemError) -> FileDescriptor {
        try Sockets.listen(path: path, permissions: 0o660, backlog: 8)
    }

    private struct Nobody: Error {}

    private func accept(_ listener: borrowing FileDescriptor) throws -> FileDescriptor {
        guard let connection = try Sockets.accept(listener) else { throw Nobody() }
        return connection
    }

    /// A child that another test starts holds all descriptors for a moment, until its exec.
    private func waitUntilNobodyListens(_ path: String) {
        while true {
            do throws(SystemError) {
                _ = try Sockets.connect(path: path)
            } catch {
                return
            }
        }
    }

    // MARK: - Paths

    @Test func `a socket at a path has its permissions and takes connections`() throws {
        let listener = try listen(path)
        #expect(try directory.permissions(of: "socket") == "660")
        #expect(try directory.names() == ["socket"])
        #expect(Sockets.isListening(listener.number))
        let client = try Sockets.connect(path: path)
        let server = try accept(listener)
        try client.writeAll([1])
        #expect(try server.read(upTo: 9) == [1])
    }

    @Test func `nobody ever sees the path with wider permissions`() throws {
        let watcher = try Files.inMemory([])
        let gate = try Sockets.pair(kind: .stream)
        // 0660 has no x bit, a socket that was just bound has all three. The loop ends by itself if the test does not.
        let script = """
            echo ready >&3
            n=0
            while [ $((n += 1)) -lt 3000000 ] && ! [ -e '\(path).end' ]; do
                if [ -x '\(path)' ]; then echo wide; exit 1; fi
            done
            """
        let child = try Shell.start(script, output: watcher, descriptors: [gate.second.number])
        #expect(try gate.first.read(upTo: 9) == Array("ready\n".utf8))
        for _ in 0..<300 {
            waitUntilNobodyListens(path)
            _ = try listen(path)
        }
        try Files.replace("\(path).end", with: [], permissions: 0o600)
        #expect(try ChildProcess.wait(for: child) == .exited(0))
    }

    @Test func `a path where somebody listens is taken`() throws {
        let listener = try listen(path)
        let error = #expect(throws: SystemError.self) { _ = try listen(path) }
        #expect(error?.isAddressInUse == true)
        #expect(Sockets.isListening(listener.number))
        #expect(try directory.names() == ["socket"])
        let living = #expect(throws: SystemError.self) {
            _ = try Sockets.listen(path: path, permissions: 0o660, backlog: 1, sparingOrphans: true)
        }
        #expect(living?.isAddressInUse == true)
    }

    @Test func `a path where somebody listens and accepts nobody is taken`() throws {
        let listener = try Sockets.listen(path: path, permissions: 0o660, backlog: 0)
        var waiting: [Int32] = []
        defer { for number in waiting { _ = FileDescriptor(owning: number) } }
        waiting.append(try Sockets.connect(path: path).release())
        let error = #expect(throws: SystemError.self) { _ = try listen(path) }
        #expect(error?.isAddressInUse == true)
        // Those who listen there may be the workers of a supervisor that was killed.
        let unknown = #expect(throws: SystemError.self) {
            _ = try Sockets.listen(path: path, permissions: 0o660, backlog: 1, sparingOrphans: true)
        }
        #expect(unknown?.isTemporary == true)
        #expect(Sockets.isListening(listener.number))
    }

    @Test func `a socket that nobody listens at is replaced`() throws {
        do { _ = try listen(path) }
        #expect(try directory.names() == ["socket"])
        waitUntilNobodyListens(path)
        #expect(throws: SystemError("connect to \(path)", errorNumber: 111)) { _ = try Sockets.connect(path: path) }
        let listener = try listen(path)
        _ = try Sockets.connect(path: path)
        #expect(Sockets.isListening(listener.number))
    }

    @Test func `a file that is no socket is left alone`() throws {
        try Files.replace(path, with: [1, 2, 3], permissions: 0o600)
        #expect(throws: SystemError("listen at \(path)", errorNumber: 17)) { _ = try listen(path) }
        #expect(try Files.read(path) == [1, 2, 3])
        #expect(try directory.names() == ["socket"])
        let other = directory.file("other")
        try Files.replace("\(other).new", with: [4], permissions: 0o600)
        #expect(throws: SystemError.self) { _ = try listen(other) }
        #expect(try Files.read("\(other).new") == [4])
    }

    @Test func `what an interrupted start left is removed`() throws {
        do { _ = try listen("\(path).new") }
        waitUntilNobodyListens("\(path).new")
        _ = try listen(path)
        #expect(try directory.names() == ["socket"])
    }

    @Test func `a path may have 103 bytes`() throws {
        let room = 103 - directory.path.utf8.count - 1
        let longest = directory.file(String(repeating: "x", count: room))
        #expect(longest.utf8.count == 103)
        _ = try listen(longest)
        for length in [104, 107, 108, 300] {
            let path = directory.file(String(repeating: "y", count: length - directory.path.utf8.count - 1))
            let error = #expect(throws: SystemError.self) { _ = try listen(path) }
            #expect(error?.errorNumber == 36)
            #expect(try directory.names().count == 1)
        }
    }

    @Test func `a path in a directory that does not exist is an error`() throws {
        let error = #expect(throws: SystemError.self) { _ = try listen(directory.file("missing/socket")) }
        #expect(error?.isMissing == true)
    }

    // MARK: - TCP

    @Test(arguments: ["127.0.0.1", "::1"])
    func `port 0 lets the kernel choose`(host: String) throws {
        let first = try Sockets.listen(host: host, port: 0, backlog: 8)
        let second = try Sockets.listen(host: host, port: 0, backlog: 8)
        #expect(Sockets.isListening(first.number))
        #expect(Sockets.isListening(second.number))
    }

    @Test(arguments: ["localhost", "", "1.2.3", "1.2.3.4.5", "[::1]"])
    func `an address that is not numeric is refused`(host: String) {
        #expect(throws: SystemError("listen at \(host)", errorNumber: 22)) {
            _ = try Sockets.listen(host: host, port: 0, backlog: 8)
        }
    }

    @Test func `an address of another machine cannot be bound`() {
        #expect(throws: SystemError("bind 192.0.2.1 port 0", errorNumber: 99)) {
            _ = try Sockets.listen(host: "192.0.2.1", port: 0, backlog: 8)
        }
    }

    // MARK: - Accepting

    @Test func `accepting where nobody waits gives nil`() throws {
        let listener = try listen(path)
        try listener.setNonblocking(true)
        #expect(throws: Nobody.self) { _ = try accept(listener) }
        do { _ = try Sockets.connect(path: path) }
        // A peer that has gone in the meantime is still a connection, with an end to be read.
        let server = try accept(listener)
        #expect(try server.read(upTo: 1) == [])
        #expect(throws: Nobody.self) { _ = try accept(listener) }
    }

    @Test func `accepting on what does not listen is an error`() throws {
        let pair = try Sockets.pair(kind: .stream)
        #expect(throws: SystemError("accept", errorNumber: 22)) { _ = try Sockets.accept(pair.first) }
        #expect(!Sockets.isListening(pair.first.number))
        #expect(!Sockets.isListening(-1))
        #expect(!Sockets.isListening(try Files.inMemory([]).number))
    }

    // MARK: - Pairs

    @Test func `a pair of packets keeps their bounds`() throws {
        let pair = try Sockets.pair(kind: .packets)
        try pair.first.writeAll([1])
        try pair.first.writeAll([2, 3])
        try pair.first.writeAll([4, 5, 6])
        #expect(try pair.second.read(upTo: 9) == [1])
        #expect(try pair.second.read(upTo: 9) == [2, 3])
        #expect(try pair.second.read(upTo: 1) == [4])
        Sockets.shutdown(pair.first.number)
        #expect(try pair.second.read(upTo: 9) == [])
    }

    @Test func `a pair of streams has no bounds`() throws {
        let pair = try Sockets.pair(kind: .stream)
        try pair.first.writeAll([1])
        try pair.first.writeAll([2, 3])
        #expect(try pair.second.read(upTo: 9) == [1, 2, 3])
    }

    @Test func `shutting a connection down wakes the thread that reads it`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let number = pair.second.number
        let result = Mutex<[UInt8]?>(nil)
        let thread = try Thread(name: "reader") {
            let read = try? FileDescriptor(owning: number).read(upTo: 9)
            result.withLock { $0 = read }
        }
        _ = pair.second.release()
        Sockets.shutdown(number)
        thread.join()
        #expect(result.withLock { $0 } == [])
    }

    @Test func `a read past its timeout is an error`() throws {
        let pair = try Sockets.pair(kind: .stream)
        try Sockets.setTimeouts(pair.first, milliseconds: 200)
        let began = SystemClock.monotonicNanoseconds()
        #expect(throws: SystemError("read", errorNumber: 11)) { try pair.first.read(upTo: 1) }
        #expect(SystemClock.monotonicNanoseconds() - began > 150_000_000)
    }
}
