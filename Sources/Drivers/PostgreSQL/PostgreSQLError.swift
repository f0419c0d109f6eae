internal import CPostgreSQL

/// What PostgreSQL, or this driver on its behalf, refused to do.
///
/// Decide by ``state``. The message is for the log: its language is the server's, and it names tables and columns.
public struct PostgreSQLError: Error, Sendable {
    /// What went wrong.
    public let state: SQLState

    /// The message, for the log; without the detail, which tells values of rows.
    public let message: String

    /// The id of the statement, or what was being done.
    public var statement: String

    /// The name of the constraint that forbids a change; empty where there is none.
    public let constraint: String

    /// The table that the error is about, as far as the server tells; empty where it does not.
    public let table: String

    /// The column that the error is about, as far as the server tells; empty where it does not.
    public let column: String

    /// Whether the connection has ended by it, and with it what was not committed.
    public var isConnectionLost: Bool

    /// Describes a failure that the caller has found itself.
    public init(_ state: SQLState, _ message: String, statement: String, isConnectionLost: Bool = false) {
        self.state = state
        self.message = message
        self.statement = statement
        constraint = ""
        table = ""
        column = ""
        self.isConnectionLost = isConnectionLost
    }
}

extension PostgreSQLError: CustomStringConvertible {
    /// Code, statement and message in one line.
    public var description: String {
        "PostgreSQL error \(state.rawValue) in \"\(statement)\": \(message)"
    }
}

extension PostgreSQLError {
    /// Takes what a result that failed tells.
    @unsafe init(_ result: OpaquePointer, _ pq: cpostgresql_functions, statement: String) {
        // Sound: each field is a terminated string that lives as long as the result, or nil; it is copied at once.
        func field(_ code: Int) -> String {
            unsafe pq.PQresultErrorField(result, Int32(code)).map { unsafe String(cString: $0) } ?? ""
        }
        let code = field(CPOSTGRESQL_STATE)
        // Without a code it is libpq that tells of a connection that has broken.
        state = code.isEmpty ? .connectionFailure : SQLState(rawValue: code)
        message = field(CPOSTGRESQL_MESSAGE)
        constraint = field(CPOSTGRESQL_CONSTRAINT)
        table = field(CPOSTGRESQL_TABLE)
        column = field(CPOSTGRESQL_COLUMN)
        self.statement = statement
        // FATAL and PANIC end the connection, whatever their code (libpq has it in English in this field).
        isConnectionLost = code.isEmpty || ["FATAL", "PANIC"].contains(field(CPOSTGRESQL_SEVERITY))
    }

    /// Takes what libpq tells of a connection that has failed.
    @unsafe init(
        _ state: SQLState,
        connection: OpaquePointer,
        _ pq: cpostgresql_functions,
        statement: String
    ) {
        // Sound: a terminated string that lives until the next call on the connection; it is copied at once.
        let text = unsafe pq.PQerrorMessage(connection).map { unsafe String(cString: $0) } ?? ""
        let message = text.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "; ")
        self.init(state, message, statement: statement, isConnectionLost: true)
    }
}
