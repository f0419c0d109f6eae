import FastCGITestSupport
import Linux
import LinuxTestSupport
import Testing
import WorkerPool

/// Listening sockets that a service manager passes (sd_listen_fds(3)).
@Suite(.timeLimit(.minutes(10)))
struct SocketActivationTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("passed.sock") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func ask() throws -> FastCGIAnswer? {
        try FastCGIClient(path: path).exchange(FastCGIRecord.request([("REQUEST_URI", "/")], keep: false))
    }

    @Test func `a pool serves on the socket that it is passed, and makes none`() throws {
        let socket = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
        let pool = try RunningPool.serving(
            plan: "workers=1",
            shell: "export LISTEN_PID=$$ LISTEN_FDS=1",
            descriptors: [socket.number]
        )
        #expect(try ask() != nil)
        #expect(!Files.exists(pool.directory.file("fcgi.sock")))
    }

    @Test func `of two sockets the second is the one for the status`() throws {
        let socket = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
        let statusPath = directory.file("status.sock")
        let status = try Sockets.listen(path: statusPath, permissions: 0o600, backlog: 16)
        let pool = try RunningPool.serving(
            plan: "workers=1 status",
            shell: "export LISTEN_PID=$$ LISTEN_FDS=2",
            descriptors: [socket.number, status.number]
        )
        #expect(try ask() != nil)
        let answer = try FastCGIClient(path: statusPath).exchange(FastCGIRecord.request(keep: false))
        #expect(answer?.text == "status")
        #expect(!Files.exists(pool.directory.file("status.sock")))
    }

    @Test func `what comes while no pool runs waits for the next one`() throws {
        let socket = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
        let waiting = try FastCGIClient(path: path)
        try waiting.send(FastCGIRecord.request([("REQUEST_URI", "/")], keep: false))
        for _ in 1...2 {
            let pool = try RunningPool.serving(
                plan: "workers=1",
                shell: "export LISTEN_PID=$$ LISTEN_FDS=1",
                descriptors: [socket.number]
            )
            #expect(try ask() != nil)
            pool.send(.terminate)
            #expect(try pool.end() == .exited(0))
        }
        #expect(try waiting.receive() != nil)
    }

    @Test func `a socket that was passed to another process is not taken`() throws {
        let socket = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
        let pool = try RunningPool.serving(
            plan: "workers=1",
            shell: "export LISTEN_PID=1 LISTEN_FDS=1",
            descriptors: [socket.number]
        )
        #expect(try pool.ask() != nil)
    }
}
