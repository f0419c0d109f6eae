internal import CSQLite

/// What SQLite, or this driver on its behalf, refused to do.
///
/// Decide by ``code``. The message is English for the log: it can change with
/// the version of the library, and names tables and columns.
public struct SQLiteError: Error, Sendable {
    /// The extended result code.
    public let code: ResultCode

    /// SQLite's message, for the log.
    public let message: String

    /// The id of the statement, or what was being done.
    public let statement: String

    /// Describes a failure that the caller has found itself.
    public init(code: ResultCode, message: String, statement: String) {
        self.code = code
        self.message = message
        self.statement = statement
    }
}

extension SQLiteError: CustomStringConvertible {
    /// Code, statement and message in one line.
    public var description: String {
        "SQLite error \(code.rawValue) in \"\(statement)\": \(message)"
    }
}

extension SQLiteError {
    /// Takes the message of the last call that failed on a connection.
    @unsafe init(_ code: Int32, in database: OpaquePointer?, statement: String) {
        // Sound: sqlite3_errmsg and sqlite3_errstr return a terminated string
        // that lives until the next call on this connection, which belongs to
        // this thread; it is copied at once.
        let message = unsafe database == nil ? sqlite3_errstr(code) : sqlite3_errmsg(database)
        let text = unsafe message.map { unsafe String(cString: $0) }
        self.init(code: ResultCode(rawValue: code), message: text ?? "", statement: statement)
    }
}
