internal import Synchronization

/// One SQL statement of the program, with what is known about it.
///
/// Make each once, as a `static let`, and list it in a ``StatementRegistry``:
///
///     static let byEmail = StatementDefinition(
///         "users.by_email",
///         reads: ["users"],
///         plan: [.search("users", using: "users_email_folded")],
///         sql: "SELECT id, name FROM users WHERE email_folded = ?1"
///     )
///
/// The text is fixed when the program is written: values are parameters, and
/// there is no way to compose SQL at run time.
public final class StatementDefinition: Sendable {
    /// What log, metrics and errors call the statement.
    public let id: String

    /// The tables that decide the answer.
    public let reads: Set<String>

    /// The tables that the statement changes, cascades and triggers included.
    public let writes: Set<String>

    /// The rows that caches know and that the statement changes, or whose dependants it changes: for each table the
    /// number of the parameter that holds the row's id.
    public let rows: [String: Int]

    /// Whether a cache may keep its answers: those are the same until one of the tables that it reads changes.
    public let isCacheable: Bool

    /// What the query plan must consist of.
    public let plan: [PlanExpectation]

    /// The statement, with parameters `?1`, `?2` ...
    public let sql: String

    /// The statement as PostgreSQL takes it: with parameters `$1`, `$2` ..., and without INDEXED BY, which is SQLite's.
    public var postgreSQL: String { Self.numbered(ownPostgreSQL ?? Self.withoutIndexes(sql)) }

    private let ownPostgreSQL: String?

    /// The place of the prepared statement in each session.
    ///
    /// Counted up in the process, so it differs from one process to the next.
    public let index: Int

    private static let nextIndex = Atomic<Int>(0)

    /// Defines a statement and takes the next index.
    ///
    /// Where PostgreSQL needs another text than SQLite, `postgreSQL` is that, also with parameters `?1`, `?2` ...
    public init(
        _ id: String,
        reads: Set<String> = [],
        writes: Set<String> = [],
        rows: [String: Int] = [:],
        isCacheable: Bool = false,
        plan: [PlanExpectation] = [],
        sql: String,
        postgreSQL: String? = nil
    ) {
        self.id = id
        self.reads = reads
        self.writes = writes
        self.rows = rows
        self.isCacheable = isCacheable
        self.plan = plan
        self.sql = sql
        ownPostgreSQL = postgreSQL
        index = Self.nextIndex.add(1, ordering: .relaxed).oldValue
    }

    /// Leaves out which index is to be used.
    private static func withoutIndexes(_ sql: String) -> String {
        let parts = sql.split(separator: " INDEXED BY ", omittingEmptySubsequences: false)
        return (parts.first ?? "") + parts.dropFirst().map { $0.drop { $0.isLetter || $0 == "_" } }.joined()
    }

    /// Writes `?1` as `$1`, but for what stands in quotation marks.
    private static func numbered(_ sql: String) -> String {
        var quotation: UInt8?
        let bytes = sql.utf8.map { byte -> UInt8 in
            if let open = quotation {
                if byte == open { quotation = nil }
                return byte
            }
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { quotation = byte }
            return byte == UInt8(ascii: "?") ? UInt8(ascii: "$") : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
