import Database
import PostgreSQL
import PostgreSQLTestSupport
import Testing

/// A database on PostgreSQL with a table of notes, for one test.
struct PostgreSQLNotes {
    static let schema = Migration(
        id: 1,
        name: "create notes",
        up: [
            "CREATE TABLE notes (id bigint PRIMARY KEY, text text NOT NULL CONSTRAINT notes_text UNIQUE, flag bigint)"
        ],
        down: ["DROP TABLE notes"]
    )

    static let insert = StatementDefinition(
        "notes.insert",
        writes: ["notes"],
        rows: ["notes": 1],
        sql: "INSERT INTO notes (id, text, flag) VALUES (?1, ?2, ?3)"
    )
    static let byID = StatementDefinition(
        "notes.by_id",
        reads: ["notes"],
        sql: "SELECT text, flag FROM notes WHERE id = ?1"
    )
    static let count = StatementDefinition("notes.count", reads: ["notes"], sql: "SELECT count(*) FROM notes")
    static let setFlag = StatementDefinition(
        "notes.set_flag",
        writes: ["notes"],
        sql: "UPDATE notes SET flag = ?2 WHERE id = ?1"
    )
    static let statements = [insert, byID, count, setFlag]

    let place: Place
    let session: DatabaseSession

    init(
        on server: ScratchServer? = nil,
        _ more: [StatementDefinition] = [],
        observer: (any CommitObserver)? = nil
    ) throws {
        let options = try (server ?? ScratchServer.shared()).makeDatabase()
        place = Place(database: PostgreSQLDatabase(options, observer: observer))
        session = DatabaseSession(place.database, registry: try StatementRegistry(Self.statements + more))
        try Migrator([Self.schema]).up(in: session)
    }

    /// Where the database is, for other threads too.
    struct Place: Sendable {
        let database: PostgreSQLDatabase

        func another() throws -> DatabaseSession {
            DatabaseSession(database, registry: try StatementRegistry(PostgreSQLNotes.statements))
        }

        /// Runs a statement over a connection of its own.
        @discardableResult
        func run(_ sql: String) throws -> StatementResult { try ScratchServer.run(sql, database.options) }

        /// Ends all connections to the database but the one that does it, and waits until they have gone.
        func endConnections() throws {
            try run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
            try eventually("all others have gone") {
                let others =
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                return try run(others).int64(0, 0) == 0
            }
        }
    }
}

/// The error of the database that something fails with.
func databaseError(_ work: () throws -> Void) throws -> DatabaseError? {
    do { try work() } catch let error as DatabaseError { return error }
    return nil
}
