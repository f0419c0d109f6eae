internal import CSQLite

/// A result code of SQLite, extended form.
///
/// The low byte is the primary code, the rest tells more: `constraintUnique`
/// has the primary code `constraint`. The numbers are a promise of SQLite's
/// and never change (https://sqlite.org/rescode.html).
public struct ResultCode: RawRepresentable, Hashable, Sendable {
    /// The number as SQLite gives it.
    public let rawValue: Int32

    /// Wraps a number that SQLite gave.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The code without its extension.
    public var primary: ResultCode {
        ResultCode(rawValue: rawValue & 0xFF)
    }

    private init(_ primary: Int32, extension number: Int32 = 0) {
        rawValue = primary | (number << 8)
    }
}

extension ResultCode {
    /// Something that has no code of its own, mostly wrong SQL.
    public static let error = ResultCode(SQLITE_ERROR)
    /// A lock that another connection holds did not come free in time.
    public static let busy = ResultCode(SQLITE_BUSY)
    /// Another connection is recovering the write-ahead log after a crash.
    public static let busyRecovery = ResultCode(SQLITE_BUSY, extension: 1)
    /// The snapshot is older than the newest commit, so it cannot be written upon.
    public static let busySnapshot = ResultCode(SQLITE_BUSY, extension: 2)
    /// A conflict within this connection, or in a shared cache.
    public static let locked = ResultCode(SQLITE_LOCKED)
    /// An allocation failed.
    public static let outOfMemory = ResultCode(SQLITE_NOMEM)
    /// The file, or the connection, may only be read.
    public static let readOnly = ResultCode(SQLITE_READONLY)
    /// ``Interrupter/interrupt()`` ended the statement.
    public static let interrupted = ResultCode(SQLITE_INTERRUPT)
    /// The operating system reported an error; the extension tells which call.
    public static let inputOutput = ResultCode(SQLITE_IOERR)
    /// The file is damaged.
    public static let corrupt = ResultCode(SQLITE_CORRUPT)
    /// The disk is full, or the file has reached its largest size.
    public static let full = ResultCode(SQLITE_FULL)
    /// The file, its log or its index could not be opened.
    public static let cannotOpen = ResultCode(SQLITE_CANTOPEN)
    /// The locking of the write-ahead log did not come to rest.
    public static let protocolFailure = ResultCode(SQLITE_PROTOCOL)
    /// The file is not a database.
    public static let notADatabase = ResultCode(SQLITE_NOTADB)
    /// A value is too large.
    public static let tooBig = ResultCode(SQLITE_TOOBIG)
    /// A column does not hold what was asked for.
    public static let mismatch = ResultCode(SQLITE_MISMATCH)
    /// The interface was used in a way that it does not allow.
    public static let misuse = ResultCode(SQLITE_MISUSE)
    /// A parameter index that the statement does not have.
    public static let range = ResultCode(SQLITE_RANGE)

    /// A constraint of any kind, as primary code.
    public static let constraint = ResultCode(SQLITE_CONSTRAINT)
    /// A CHECK constraint.
    public static let constraintCheck = ResultCode(SQLITE_CONSTRAINT, extension: 1)
    /// A foreign key.
    public static let constraintForeignKey = ResultCode(SQLITE_CONSTRAINT, extension: 3)
    /// A NOT NULL constraint.
    public static let constraintNotNull = ResultCode(SQLITE_CONSTRAINT, extension: 5)
    /// A primary key.
    public static let constraintPrimaryKey = ResultCode(SQLITE_CONSTRAINT, extension: 6)
    /// RAISE() in a trigger.
    public static let constraintTrigger = ResultCode(SQLITE_CONSTRAINT, extension: 7)
    /// A UNIQUE constraint or a unique index.
    public static let constraintUnique = ResultCode(SQLITE_CONSTRAINT, extension: 8)
    /// A rowid that is taken, in a table without an INTEGER PRIMARY KEY.
    public static let constraintRowID = ResultCode(SQLITE_CONSTRAINT, extension: 10)
    /// A value of the wrong type in a STRICT table.
    public static let constraintDataType = ResultCode(SQLITE_CONSTRAINT, extension: 12)
}
