import Linux
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Synchronization
import Testing

struct LossTests {
    @Test func `a connection that somebody ends while it waits is lost with the reason`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let connection = try Connection(options)
        let other = try Connection(options)
        let process = connection.serverProcess
        try other.run("SELECT pg_terminate_backend(\(process))")
        let count = "SELECT count(*) FROM pg_stat_activity WHERE pid = \(process)"
        try eventually("it has ended") { try other.number(count) == 0 }
        let error = try failure { try connection.run("SELECT 1") }
        #expect(error?.state == .adminShutdown)
        #expect(error?.isConnectionLost == true && connection.isLost)
    }

    @Test func `that the server has ended a connection is seen before anything is sent`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let connection = try Connection(options)
        try connection.run("SELECT 1")
        #expect(connection.hasEnded() == false)
        #expect(try connection.number("SELECT 1::bigint") == 1)
        try ScratchServer.run("SELECT pg_terminate_backend(\(connection.serverProcess))", options)
        try eventually("it is seen") { connection.hasEnded() }
        #expect(connection.isLost == true)
    }

    @Test func `a connection that somebody ends while it works is lost with the reason`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let connection = try Connection(options)
        let process = connection.serverProcess
        let thread = try Thread(name: "end") {
            guard let other = try? Connection(options) else { return }
            let count = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = \(process)"
            try? eventually("it works") { try other.number(count) == 1 }
            _ = try? other.run("SELECT pg_terminate_backend(\(process))")
        }
        let error = try failure {
            try connection.run("SELECT count(*) FROM generate_series(1, 10000000000)", timeout: .seconds(600))
        }
        thread.join()
        // Either it was ended in time, or the time limit came first on a machine that is busy.
        #expect(error?.state == .adminShutdown || error?.state == .queryCanceled)
    }

    @Test func `a connection whose server process dies without a word is lost`() throws {
        let server = try ScratchServer()
        let options = server.options(database: "postgres")
        let connection = try Connection(options)
        try connection.run("BEGIN", "CREATE TABLE t (i bigint)")
        try server.crash()
        #expect(try failure { try connection.run("COMMIT") }?.isConnectionLost == true)
        #expect(connection.isLost == true)
        try server.start()
        let after = try Connection(options)
        #expect(try after.number("SELECT count(*) FROM pg_class WHERE relname = 't'") == 0)
    }
}

@Suite(.serialized) struct ConnectionSourceTests {
    @Test func `where the server is away all are told at once, and few try`() throws {
        let source = ConnectionSource(ConnectionOptions(host: "/nowhere/at/all", database: "x", user: "x"))
        let failures = Atomic(0)
        try onThreads(4) { _ in
            for _ in 0..<10_000 {
                do throws(PostgreSQLError) { _ = try source.connect() } catch {
                    if error.state == .cannotConnect { failures.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(failures.load(ordering: .relaxed) == 40_000)
    }

    @Test func `a server that comes back is found again`() throws {
        let server = try ScratchServer()
        let source = ConnectionSource(server.options(database: "postgres"))
        let before = try source.connect()
        try server.stop()
        #expect(try failure { try before.run("SELECT 1") }?.isConnectionLost == true)
        // Long enough for the pauses to grow.
        for _ in 0..<100 {
            #expect(throws: PostgreSQLError.self) { _ = try source.connect() }
            _ = Semaphore(permits: 0).wait(nanoseconds: 10_000_000)
        }
        try server.start()
        try eventually("connections are made again") { (try? source.connect()) != nil }
        for _ in 0..<5 { #expect(try source.connect().number("SELECT 1::bigint") == 1) }
    }

    @Test func `a server that has moved is found under its name`() throws {
        let directory = try TemporaryDirectory()
        var options = try ScratchServer.shared().makeDatabase()
        let home = options.host
        options.host = directory.file("server")
        let source = ConnectionSource(options)
        #expect(try Shell.run("ln -s /nowhere/at/all '\(options.host)'").end == .exited(0))
        #expect(try failure { _ = try source.connect() }?.state == .cannotConnect)
        #expect(try Shell.run("ln -sfn '\(home)' '\(options.host)'").end == .exited(0))
        try eventually("it is found") { (try? source.connect()) != nil }
    }

    @Test func `a server that is stopped costs one thread the time to connect`() throws {
        let server = try ScratchServer()
        var options = server.options(database: "postgres")
        options.connectTimeout = .milliseconds(200)
        let source = ConnectionSource(options)
        try server.freeze(true)
        #expect(try failure { _ = try source.connect() }?.state == .cannotConnect)
        #expect(try failure { _ = try source.connect() }?.state == .cannotConnect)
        try server.freeze(false)
        try eventually("connections are made again") { (try? source.connect()) != nil }
    }
}
