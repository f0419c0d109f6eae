import Linux
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Testing

struct ConnectionTests {
    @Test func `a connection tells what it is connected to`() throws {
        let connection = try connect()
        #expect(connection.serverVersion / 10_000 >= 15)
        #expect(try connection.number("SELECT pg_backend_pid()") == Int64(connection.serverProcess))
        #expect(connection.isLost == false && connection.isInTransaction == false && connection.isEncrypted == false)
        #expect(Library.version != nil)
    }

    @Test(arguments: [
        ("statement_timeout", "3s"), ("lock_timeout", "1s"), ("idle_in_transaction_session_timeout", "10s"),
        ("client_encoding", "UTF8"), ("application_name", "tests"), ("client_connection_check_interval", "1s"),
    ])
    func `settings are in force`(name: String, value: String) throws {
        let connection = try connect { options in
            let usual = ConnectionOptions(host: "", database: "", user: "")
            (options.statementTimeout, options.lockTimeout) = (usual.statementTimeout, usual.lockTimeout)
        }
        #expect(try connection.run("SHOW \(name)")[0].string(0, 0) == value)
    }

    @Test(arguments: ["/nowhere/at/all", "no-such-host.invalid"])
    func `a host that is not there is refused`(host: String) throws {
        let options = ConnectionOptions(host: host, database: "x", user: "x")
        let error = try failure { _ = try Connection(options) }
        #expect(error?.state == .cannotConnect)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `a database that is not there is refused with the server's words`() throws {
        let options = try ScratchServer.shared().options(database: "missing")
        let error = try failure { _ = try Connection(options) }
        #expect(error?.state == .cannotConnect)
        #expect(error?.message.contains("missing") == true)
    }

    @Test func `the password is that of the file when the connection is made`() throws {
        let server = try ScratchServer.shared()
        try server.administer("CREATE ROLE \(ScratchServer.lockedUser) LOGIN PASSWORD 'first \u{E4}'")
        let directory = try TemporaryDirectory()
        var options = server.options(database: "postgres", user: ScratchServer.lockedUser)
        #expect(try failure { _ = try Connection(options) }?.state == .cannotConnect)
        options.passwordFile = directory.file("password")
        #expect(try failure { _ = try Connection(options) }?.message.contains("password") == true)
        func write(_ password: String, _ permissions: UInt32 = 0o600) throws {
            try Files.replace(directory.file("password"), with: Array(password.utf8), permissions: permissions)
        }
        try write("first \u{E4}\n")
        #expect(try Connection(options).number("SELECT 1::bigint") == 1)
        try server.administer("ALTER ROLE \(ScratchServer.lockedUser) PASSWORD 'second'")
        #expect(try failure { _ = try Connection(options) }?.state == .cannotConnect)
        try write("second")
        #expect(try Connection(options).number("SELECT 1::bigint") == 1)
        try write("second", 0o644)
        #expect(try failure { _ = try Connection(options) }?.message.contains("everybody") == true)
    }

    @Test func `a server proves its name, where that is asked for`() throws {
        let server = try ScratchServer(encrypted: true)
        var options = server.options(database: "postgres")
        options.host = "localhost"
        options.security = .verified(authorities: server.certificate)
        let connection = try Connection(options)
        #expect(connection.isEncrypted == true)
        #expect(try connection.number("SELECT 1::bigint") == 1)
        // The certificate is for a name, not for this address.
        options.host = "127.0.0.1"
        #expect(try failure { _ = try Connection(options) }?.message.contains("does not match") == true)
        options.host = "localhost"
        options.security = .verified(authorities: "/etc/ssl/certs/ca-certificates.crt")
        #expect(try failure { _ = try Connection(options) }?.message.contains("certificate verify failed") == true)
        options.security = .encrypted
        #expect(try Connection(options).isEncrypted == true)
        options.security = .none
        #expect(try Connection(options).isEncrypted == false)
    }

    @Test func `a connection that ends leaves nothing on the server`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let watch = try Connection(options)
        var refused = options
        refused.user = "nobody at all"
        for _ in 0..<10 {
            #expect(try Connection(options).number("SELECT 1::bigint") == 1)
            #expect(throws: PostgreSQLError.self) { _ = try Connection(refused) }
        }
        let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        try eventually("all others have gone") { try watch.number(count) == 1 }
    }

    @Test func `a pooler's connection prepares nothing`() throws {
        let connection = try connect { $0.isPooled = true }
        var values = Parameters()
        values.append(Int64(7))
        for _ in 0..<2 {
            try connection.send(Statement("pooled", sql: "SELECT $1::bigint"), values)
            #expect(try connection.exchange(timeout: .seconds(60))[0].int64(0, 0) == 7)
        }
        #expect(try connection.number("SELECT count(*) FROM pg_prepared_statements") == 0)
    }
}
