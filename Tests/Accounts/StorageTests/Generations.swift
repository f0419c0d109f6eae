import Database
import Domain
import Foundation
import PostgreSQL
import PostgreSQLTestSupport
import SharedMemory
import Storage
import StorageTestSupport
import TestSupport

/// A database with the schema up to a migration.
struct StagedDatabase: Sendable {
    private let open: @Sendable (StatementRegistry) throws -> DatabaseSession
    private let directory: ScratchDirectory?
    /// That of PostgreSQL.
    let server: PostgreSQL.ConnectionOptions?

    init(_ dialect: SQLDialect, _ version: Int, _ migrations: [Migration] = Schema.migrations) throws {
        switch dialect {
        case .sqlite:
            let directory = try ScratchDirectory()
            let name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
            let segment = try SharedSegment.open(name, layout: SegmentLayout(version: 1))
            let options = DatabaseOptions(
                path: "\(directory.path)/test.db",
                durability: .processEnd,
                busyTimeout: .seconds(60),
                writeLock: SharedWriteLock(segment)
            )
            open = { try DatabaseSession(options, registry: $0) }
            (self.directory, server) = (directory, nil)
        case .postgreSQL:
            var options = try ScratchServer.shared().makeDatabase()
            // Tests share the machine.
            (options.statementTimeout, options.lockTimeout) = (.seconds(60), .seconds(60))
            let database = PostgreSQLDatabase(options)
            open = { DatabaseSession(database, registry: $0) }
            (directory, server) = (nil, options)
        }
        if version > 0 { try migrate(to: version, migrations) }
    }

    func session(_ definitions: [StatementDefinition] = []) throws -> DatabaseSession {
        try open(try StatementRegistry(definitions))
    }

    func migrate(to version: Int, _ migrations: [Migration] = Schema.migrations) throws {
        try Migrator(migrations).up(to: version, in: try session())
    }
}

/// The program of one release, as far as it writes and reads how long a delivery took.
struct Generation {
    /// Stores a delivery of the first webhook, which took so many microseconds.
    let write: (_ sequence: Int64, _ microseconds: Int) throws -> Void
    /// How long the newest took, in microseconds.
    let newest: () throws -> Int?

    /// The release before this one: it knows only milliseconds.
    static func released(_ staged: StagedDatabase, _ dialect: SQLDialect) throws -> Generation {
        let all = try ReleasedStatements.all(dialect)
        guard let record = all.first(where: { $0.id == "webhook_deliveries.record" }),
            let list = all.first(where: { $0.id == "webhook_deliveries.list" })
        else { throw ReleasedStatements.Missing() }
        return try Generation(staged, record, list, column: 6, unit: 1000)
    }

    /// This one: it writes both, and reads either.
    static func present(_ staged: StagedDatabase, _ dialect: SQLDialect) throws -> Generation {
        let session = try staged.session(try Statements.registry(for: dialect).definitions)
        let unitOfWork = SQLUnitOfWork(session)
        return Generation(
            write: { sequence, microseconds in
                let delivery = WebhookDelivery.fixture(sequence, microseconds: microseconds)
                try unitOfWork.perform { try $0.webhooks.record([delivery], of: .fixture(1)) }
            },
            newest: {
                try unitOfWork.read { try $0.webhooks.deliveries(of: .fixture(1), limit: 1) }.first?.microseconds
            }
        )
    }

    /// The one after: it knows only microseconds, and drops the rest.
    static func next(_ staged: StagedDatabase) throws -> Generation {
        let record = StatementDefinition(
            "next.record",
            writes: ["webhook_deliveries"],
            sql: """
                INSERT INTO webhook_deliveries (
                    webhook_id, sequence, event_id, type, attempt, attempted_at, status, duration_us, outcome, reason
                ) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM webhooks WHERE id = ?1
                """
        )
        let list = StatementDefinition(
            "next.list",
            sql: "SELECT duration_us FROM webhook_deliveries WHERE webhook_id = ?1 ORDER BY id DESC LIMIT ?2"
        )
        return try Generation(staged, record, list, column: 0, unit: 1)
    }

    /// The last step of the one after.
    static let nextContract = Migration(
        id: (Schema.migrations.last?.id ?? 0) + 1,
        name: "drop webhook_deliveries.milliseconds",
        phase: .contract,
        up: ["ALTER TABLE webhook_deliveries DROP COLUMN milliseconds"],
        down: ["ALTER TABLE webhook_deliveries ADD COLUMN milliseconds INTEGER"],
        onPostgreSQL: Migration.PostgreSQLScript(
            up: ["ALTER TABLE webhook_deliveries DROP COLUMN milliseconds"],
            down: ["ALTER TABLE webhook_deliveries ADD COLUMN milliseconds bigint"]
        )
    )

    // The unit is that in which it is written and told, in microseconds.
    private init(
        _ staged: StagedDatabase,
        _ record: StatementDefinition,
        _ list: StatementDefinition,
        column: Int,
        unit: Int
    ) throws {
        let session = try staged.session([record, list])
        self.init(
            write: { sequence, microseconds in
                try session.write { transaction in
                    _ = try transaction.execute(
                        record,
                        WebhookID.fixture(1),
                        sequence,
                        [UInt8](repeating: 1, count: 16),
                        "user.created.v1",
                        1,
                        1,
                        200,
                        microseconds / unit,
                        "delivered",
                        ""
                    )
                }
            },
            newest: { try session.rows(list, WebhookID.fixture(1), 1) { try $0.int(column) * unit }.first }
        )
    }

    private init(write: @escaping (Int64, Int) throws -> Void, newest: @escaping () throws -> Int?) {
        (self.write, self.newest) = (write, newest)
    }
}

/// The statements of the release before this one, as they were recorded from it.
enum ReleasedStatements {
    struct Missing: Error {}

    /// The schema of that release.
    static let version = 9

    private static func file(_ dialect: SQLDialect) -> URL {
        let name = "schema-\(version).\(dialect == .sqlite ? "sqlite" : "postgresql").sql"
        return URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Released/\(name)")
    }

    static func all(_ dialect: SQLDialect) throws -> [StatementDefinition] {
        let text = "\n" + (try String(contentsOf: file(dialect), encoding: .utf8))
        // Each begins with a line of `-- ` and its name.
        return text.components(separatedBy: "\n-- ").dropFirst().map { part in
            let lines = part.split(separator: "\n", maxSplits: 1)
            let sql = lines.count > 1 ? String(lines[1]) : ""
            let writes: Set = sql.hasPrefix("SELECT") ? [] : ["webhook_deliveries"]
            return StatementDefinition(String(lines[0]), writes: writes, sql: sql)
        }
    }

    /// Takes those of this program for those of the release before the next one.
    static func record(_ dialect: SQLDialect) throws {
        let definitions = try Statements.registry(for: dialect).definitions
        let text = definitions.map { "-- \($0.id)\n\(dialect == .sqlite ? $0.sql : $0.postgreSQL)\n" }.joined()
        try text.write(to: file(dialect), atomically: true, encoding: .utf8)
    }
}
