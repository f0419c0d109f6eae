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

    /// What the query plan must consist of.
    public let plan: [PlanExpectation]

    /// The statement, with parameters `?1`, `?2` ...
    public let sql: String

    /// The place of the prepared statement in each session.
    ///
    /// Counted up in the process, so it differs from one process to the next.
    public let index: Int

    private static let nextIndex = Atomic<Int>(0)

    /// Defines a statement and takes the next index.
    public init(
        _ id: String,
        reads: Set<String> = [],
        writes: Set<String> = [],
        plan: [PlanExpectation] = [],
        sql: String
    ) {
        self.id = id
        self.reads = reads
        self.writes = writes
        self.plan = plan
        self.sql = sql
        index = Self.nextIndex.add(1, ordering: .relaxed).oldValue
    }
}
