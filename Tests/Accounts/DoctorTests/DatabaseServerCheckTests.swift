import Database
import PostgreSQL
import PostgreSQLTestSupport
import Storage
import Testing

@testable import Doctor

struct DatabaseServerCheckTests {
    private func findings(of options: ConnectionOptions, connections: Int = 40) -> [Finding] {
        DatabaseServerCheck(
            .server(PostgreSQLDatabase(options)),
            migrations: Schema.migrations,
            neededVersion: Schema.neededVersion,
            mostConnections: connections,
            migrateCommand: "migrate up"
        ).run()
    }

    @Test func `a server with the schema of the program is good`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        let empty = findings(of: options)
        #expect(empty.map(\.severity) == [.ok, .error, .ok])
        #expect(empty[1].remedy == "run migrate up")
        let session = DatabaseSession(PostgreSQLDatabase(options), registry: try StatementRegistry([]))
        try Migrator(Schema.migrations).up(in: session)
        #expect(findings(of: options).map(\.severity) == [.ok, .ok, .ok])
    }

    @Test func `more connections than the server takes are a warning`() throws {
        let options = try ScratchServer.shared().makeDatabase()
        #expect(findings(of: options, connections: 81).last?.severity == .warning)
    }

    @Test func `a server that does not answer, and one that is too old, are errors`() throws {
        let options = ConnectionOptions(host: "/nonexistent", database: "none", user: "nobody")
        #expect(findings(of: options).map(\.severity) == [.error])
        #expect(DatabaseServerCheck.version("PostgreSQL 14.9").severity == .error)
        #expect(DatabaseServerCheck.version("PostgreSQL 17.1").severity == .ok)
    }
}
