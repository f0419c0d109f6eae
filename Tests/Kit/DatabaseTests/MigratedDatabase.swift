import Database
import Linux
import LinuxTestSupport
import MigrationTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import SQLite

/// A database of a test's own on one of the engines, for migrations.
struct MigratedDatabase: Sendable {
    private enum Place {
        case sqlite(ScratchDatabase)
        case postgreSQL(PostgreSQL.ConnectionOptions)
    }

    private let place: Place

    init(_ dialect: SQLDialect) throws {
        place =
            switch dialect {
            case .sqlite: .sqlite(ScratchDatabase())
            case .postgreSQL: .postgreSQL(try ScratchServer.shared().makeDatabase())
            }
    }

    func session() throws -> DatabaseSession {
        switch place {
        case .sqlite(let scratch): try scratch.session([], busyTimeout: .seconds(60))
        case .postgreSQL(let options):
            DatabaseSession(PostgreSQLDatabase(options), registry: try StatementRegistry([]))
        }
    }

    func run(_ sql: String) throws {
        switch place {
        case .sqlite(let scratch): try scratch.run(sql)
        case .postgreSQL(let options): try ScratchServer.run(sql, options)
        }
    }

    /// The number that a query tells.
    func number(_ sql: String) throws -> Int64 {
        switch place {
        case .sqlite(let scratch): Int64(try scratch.value(sql)) ?? -1
        case .postgreSQL(let options): try ScratchServer.run(sql, options).int64(0, 0)
        }
    }

    /// Everything that migrations make, and the notes.
    func dump() throws -> [String] {
        let texts: [String]
        switch place {
        case .sqlite(let scratch):
            let connection = try Connection(path: scratch.path)
            let query = try connection.prepare(
                """
                SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema WHERE name <> 'schema_migrations'
                ORDER BY name
                """,
                id: "dump"
            )
            var lines: [String] = []
            while try query.step() { lines.append(try query.string(at: 0)) }
            texts = lines
        case .postgreSQL(let options):
            let rows = try ScratchServer.run(
                """
                SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
                FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migrations'
                UNION ALL SELECT indexrelid::regclass || ' ' || indisvalid || ' ' || pg_get_indexdef(indexrelid)
                FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
                WHERE relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'
                UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND conrelid <> 'schema_migrations'::regclass
                ORDER BY 1
                """,
                options
            )
            texts = try (0..<rows.rowCount).map { try rows.string($0, 0) }
        }
        guard texts.contains(where: { $0.hasPrefix("notes") }) else { return texts }
        let sum = texts.contains { $0.contains("length") } ? "CAST(coalesce(sum(length), 0) AS bigint)" : "0"
        return texts + ["\(try number("SELECT count(*) FROM notes")) \(try number("SELECT \(sum) FROM notes"))"]
    }

    /// Runs a migrator in a process of its own, which kills itself at a step; 0 lets it come to its end.
    func probe(_ direction: String, killedAt step: Int) throws -> ProcessEnd {
        try ChildProcess.wait(for: startProbe(direction, killedAt: step))
    }

    func startProbe(_ direction: String, killedAt step: Int = 0) throws -> Int32 {
        switch place {
        case .sqlite(let scratch): try Self.startProbe(["\(step)", direction, "sqlite", scratch.path])
        case .postgreSQL(let options): try Self.startProbe(direction, killedAt: step, options)
        }
    }

    static func startProbe(
        _ direction: String,
        killedAt step: Int = 0,
        _ options: PostgreSQL.ConnectionOptions
    ) throws -> Int32 {
        try startProbe([
            "\(step)", direction, "postgresql", options.host, "\(options.port)", options.database, options.user,
        ])
    }

    private static func startProbe(_ arguments: [String]) throws -> Int32 {
        let path = try BuiltProgram.path("migration-probe")
        return try ChildProcess.spawn(
            path: path,
            arguments: [path] + arguments,
            environment: ["PATH=/usr/bin:/bin"],
            descriptors: [nil, 2, 2]
        )
    }
}
