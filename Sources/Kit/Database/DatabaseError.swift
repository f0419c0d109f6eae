internal import SQLite

/// Why the database did not do what it was asked.
///
/// What of this a client may read is decided above; the diagnosis never is.
public enum DatabaseError: Error, Sendable {
    /// The database cannot serve now; nothing was changed, and it may later.
    case unavailable(DatabaseUnavailability, DatabaseDiagnosis)

    /// A constraint of the schema forbids the change.
    ///
    /// The name depends on the kind, see ``DatabaseConstraintKind``.
    case constraint(DatabaseConstraintKind, name: String, DatabaseDiagnosis)

    /// The connection was lost while the server committed: the change was made whole, or not at all, and nobody can say
    /// which. Never on SQLite.
    case outcomeUnknown(DatabaseDiagnosis)

    /// The session's interrupter ended the statement.
    case interrupted(DatabaseDiagnosis)

    /// The database file is damaged, or is none.
    case corrupt(DatabaseDiagnosis)

    /// The program used this module in a way that it does not allow.
    case misuse(DatabaseDiagnosis)

    /// Anything else, such as wrong SQL or a column of an unexpected type.
    case other(DatabaseDiagnosis)
}

/// What keeps the database from serving.
public enum DatabaseUnavailability: Sendable {
    /// Others kept it locked for longer than the timeout, or were in the way again and again.
    case busy
    /// The connection to the server was lost, and with it the transaction.
    case disconnected
    /// No space is left on the disk, or the file may not grow further.
    case full
    /// The operating system reported an error on reading, writing or syncing;
    /// also a file beyond the process's or the file system's limit (EFBIG).
    case inputOutput
    /// The file, its log or the log's index could not be opened, or the server not be reached.
    case cannotOpen
    /// The file or its directory may only be read.
    case readOnly
    /// Memory ran out.
    case outOfMemory
}

/// Which kind of constraint forbids a change, and what its name is.
///
/// PostgreSQL reports constraints by their names, but for NOT NULL: there it is
/// `table.column`. SQLite reports them, for most kinds, by a list of what they
/// cover, as told below. The name is the same whatever the statement was.
public enum DatabaseConstraintKind: Sendable {
    /// A unique index or UNIQUE constraint; name: its columns as
    /// `table.column, table.column` in the order of the index, or the name of
    /// the index if it covers an expression.
    case unique
    /// A primary key, or the rowid; name: its columns as above.
    case primaryKey
    /// NOT NULL; name: `table.column`.
    case notNull
    /// CHECK; name: that of the constraint, or the text of its expression if
    /// the schema gives no name.
    case check
    /// A foreign key; SQLite does not tell which one, so the name is empty.
    case foreignKey
    /// A value of the wrong type for a STRICT table; the name is empty.
    case dataType
    /// RAISE() in a trigger; name: the text given there.
    case trigger
    /// Any other; the name is empty.
    case other
}

/// What the log should tell of a failure.
public struct DatabaseDiagnosis: Hashable, Sendable, CustomStringConvertible {
    /// The engine's code as text; SQLite: the extended result code in decimal, PostgreSQL: the SQLSTATE.
    public let code: String
    /// The engine's message.
    public let message: String
    /// The id of the statement, or what was being done.
    public let statement: String

    /// A diagnosis from its parts.
    public init(code: String, message: String, statement: String) {
        self.code = code
        self.message = message
        self.statement = statement
    }

    /// Statement, code and message in one line.
    public var description: String {
        "\(statement): \(message) (\(code))"
    }
}

extension DatabaseError: CustomStringConvertible {
    /// What the log should tell.
    public var diagnosis: DatabaseDiagnosis {
        switch self {
        case .unavailable(_, let diagnosis), .constraint(_, _, let diagnosis), .interrupted(let diagnosis),
            .outcomeUnknown(let diagnosis), .corrupt(let diagnosis), .misuse(let diagnosis), .other(let diagnosis):
            diagnosis
        }
    }

    /// One line for the log.
    public var description: String {
        switch self {
        case .unavailable(let reason, let diagnosis): "database unavailable (\(reason)): \(diagnosis)"
        case .constraint(let kind, let name, let diagnosis): "\(kind) constraint \"\(name)\": \(diagnosis)"
        case .outcomeUnknown(let diagnosis): "whether it was committed is not known: \(diagnosis)"
        case .interrupted(let diagnosis): "interrupted: \(diagnosis)"
        case .corrupt(let diagnosis): "database corrupt: \(diagnosis)"
        case .misuse(let diagnosis): "misuse: \(diagnosis)"
        case .other(let diagnosis): "database error: \(diagnosis)"
        }
    }
}

extension DatabaseError {
    /// An error of the program that this module has found.
    @usableFromInline static func misuse(_ message: String, statement: String) -> DatabaseError {
        .misuse(DatabaseDiagnosis(code: "", message: message, statement: statement))
    }

    /// Whether the transaction may succeed at once if it is run again.
    var isStaleSnapshot: Bool {
        guard case .unavailable(.busy, let diagnosis) = self else { return false }
        return diagnosis.code == Self.staleSnapshotCode
    }

    private static let staleSnapshotCode = String(ResultCode.busySnapshot.rawValue)
}
