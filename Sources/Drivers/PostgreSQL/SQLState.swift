/// One of the codes by which PostgreSQL and SQL name what went wrong: five digits and letters.
///
/// The first two are the class: `integrityConstraint` is that of all constraints. The codes are a promise of PostgreSQL's
/// and never change (https://www.postgresql.org/docs/15/errcodes-appendix.html).
public struct SQLState: RawRepresentable, Hashable, Sendable {
    /// The five characters.
    public let rawValue: String

    /// Wraps five characters that the server gave.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The first two characters.
    public var errorClass: String { String(rawValue.prefix(2)) }
}

extension SQLState {
    /// No connection could be made.
    public static let cannotConnect = SQLState(rawValue: "08001")
    /// The connection has broken.
    public static let connectionFailure = SQLState(rawValue: "08006")
    /// The two sides do not agree on the protocol; also a wrong number of parameters.
    public static let protocolViolation = SQLState(rawValue: "08P01")

    /// A unique index or constraint, a primary key among them.
    public static let uniqueViolation = SQLState(rawValue: "23505")
    /// A foreign key.
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    /// NOT NULL.
    public static let notNullViolation = SQLState(rawValue: "23502")
    /// CHECK.
    public static let checkViolation = SQLState(rawValue: "23514")

    /// A write in a transaction that only reads, or on a standby.
    public static let readOnlyTransaction = SQLState(rawValue: "25006")
    /// The transaction has failed, and takes nothing but its end.
    public static let failedTransaction = SQLState(rawValue: "25P02")
    /// The server has ended a transaction that waited too long for its client.
    public static let idleTransaction = SQLState(rawValue: "25P03")

    /// There is no prepared statement of this name.
    public static let unknownStatement = SQLState(rawValue: "26000")
    /// A prepared statement would now have other columns.
    public static let changedPlan = SQLState(rawValue: "0A000")

    /// The transaction cannot be put into an order with those beside it; it may be run again.
    public static let serializationFailure = SQLState(rawValue: "40001")
    /// Transactions waited for each other; this one may be run again.
    public static let deadlock = SQLState(rawValue: "40P01")

    /// The disk is full.
    public static let diskFull = SQLState(rawValue: "53100")
    /// Memory ran out.
    public static let outOfMemory = SQLState(rawValue: "53200")
    /// The server has as many connections as it may.
    public static let tooManyConnections = SQLState(rawValue: "53300")

    /// A lock did not come free in `lock_timeout`.
    public static let lockNotAvailable = SQLState(rawValue: "55P03")

    /// The statement was cancelled, or took longer than `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")
    /// Somebody ended the connection, or the server stops.
    public static let adminShutdown = SQLState(rawValue: "57P01")
    /// Another process of the server has crashed, and all connections end.
    public static let crashShutdown = SQLState(rawValue: "57P02")
    /// The server starts, stops or recovers.
    public static let cannotConnectNow = SQLState(rawValue: "57P03")

    /// The operating system reported an error on reading or writing.
    public static let inputOutput = SQLState(rawValue: "58030")
    /// The data is damaged.
    public static let dataCorrupted = SQLState(rawValue: "XX001")
    /// An index is damaged.
    public static let indexCorrupted = SQLState(rawValue: "XX002")

    /// A column does not hold what was asked for; this driver's own.
    public static let mismatch = SQLState(rawValue: "22000")
    /// The driver was used in a way that it does not allow; its own.
    public static let misuse = SQLState(rawValue: "HY000")
}
