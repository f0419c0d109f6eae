import Linux
import LinuxTestSupport
import Testing

/// How many connections wait at a listening socket.
struct ListenQueueTests {
    @Test func `those that nobody has accepted are counted, on a unix socket`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("queue.sock")
        let listener = try Sockets.listen(path: path, permissions: 0o600, backlog: 7)
        // Where the kernel has no unix_diag there is nothing to be told.
        guard let empty = ListenQueue(of: listener.number) else { return }
        #expect(empty == ListenQueue(depth: 0, limit: 7))
        let first = try Sockets.connect(path: path)
        let second = try Sockets.connect(path: path)
        #expect(ListenQueue(of: listener.number) == ListenQueue(depth: 2, limit: 7))
        _ = try Sockets.accept(listener)
        #expect(ListenQueue(of: listener.number) == ListenQueue(depth: 1, limit: 7))
        _ = consume first
        _ = consume second
    }

    @Test func `on a TCP socket too`() throws {
        let listener = try Sockets.listen(host: "127.0.0.1", port: 0, backlog: 5)
        #expect(ListenQueue(of: listener.number) == ListenQueue(depth: 0, limit: 5))
    }

    @Test func `what is no socket tells nothing`() throws {
        let file = try Files.inMemory([])
        #expect(ListenQueue(of: file.number) == nil)
    }

    @Test func `a process has some memory of its own, one that is not there has none`() {
        #expect(ProcessMemory.ownBytes(of: ThisProcess.id).map { $0 > 0 } == true)
        #expect(ProcessMemory.ownBytes(of: .max) == nil)
    }
}
