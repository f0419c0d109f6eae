import Linux
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Testing

struct TimeoutTests {
    @Test func `the server ends a statement that takes too long`() throws {
        let connection = try connect { $0.statementTimeout = .milliseconds(50) }
        #expect(try failure { try connection.run("SELECT pg_sleep(60)") }?.state == .queryCanceled)
        #expect(connection.isLost == false)
    }

    @Test func `the server ends a wait for a lock that takes too long`() throws {
        var options = try ScratchServer.shared().makeDatabase()
        let holder = try Connection(options)
        try holder.run("CREATE TABLE t (i bigint)")
        try holder.run("BEGIN", "LOCK TABLE t")
        options.lockTimeout = .milliseconds(50)
        let connection = try Connection(options)
        #expect(try failure { try connection.run("SELECT count(*) FROM t") }?.state == .lockNotAvailable)
        try holder.run("COMMIT")
        #expect(try connection.number("SELECT count(*) FROM t") == 0)
    }

    @Test func `the server ends a transaction whose client does nothing`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        var short = options
        short.idleTransactionTimeout = .milliseconds(50)
        let idle = try Connection(short)
        let watch = try Connection(options)
        try idle.run("BEGIN", "SELECT 1")
        let count = "SELECT count(*) FROM pg_stat_activity WHERE pid = \(idle.serverProcess)"
        try eventually("the server has ended it") { try watch.number(count) == 0 }
        let error = try failure { try idle.run("SELECT 1") }
        #expect(error?.state == .idleTransaction)
        #expect(error?.isConnectionLost == true && idle.isLost)
    }

    @Test func `the client has a statement cancelled that the server lets run`() throws {
        let connection = try connect { $0.statementTimeout = .seconds(600) }
        let error = try failure { try connection.run("SELECT pg_sleep(600)", timeout: .milliseconds(50)) }
        #expect(error?.state == .queryCanceled)
        // Where the server was slow to cancel it, the connection was given up, which the next one need not know.
        if !connection.isLost { #expect(try connection.number("SELECT 1::bigint") == 1) }
    }

    @Test func `another thread ends what runs`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        var patient = options
        patient.statementTimeout = .seconds(600)
        let connection = try Connection(patient)
        let interrupter = connection.interrupter
        let count = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = \(connection.serverProcess)"
        let thread = try Thread(name: "interrupt") {
            guard let watch = try? Connection(options) else { return }
            try? eventually("it runs") { try watch.number(count) == 1 }
            interrupter.interrupt()
        }
        #expect(
            try failure { try connection.run("SELECT pg_sleep(600)", timeout: .seconds(600)) }?.state == .queryCanceled
        )
        thread.join()
        // Nothing runs now, so nothing happens.
        interrupter.interrupt()
        #expect(try connection.number("SELECT 1::bigint") == 1)
    }

    @Test func `a server that does not answer costs the time limit and the connection, no more`() throws {
        let connection = try connect()
        try ScratchServer.freeze(true, process: connection.serverProcess)
        defer { try? ScratchServer.freeze(false, process: connection.serverProcess) }
        let error = try failure { try connection.run("SELECT 1", timeout: .milliseconds(50)) }
        #expect(error?.state == .connectionFailure)
        #expect(connection.isLost == true)
        let again = try failure { try connection.run("SELECT 1", timeout: .seconds(600)) }
        #expect(again?.isConnectionLost == true)
    }
}
