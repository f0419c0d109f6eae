internal import Database

/// The statements about the chain over the log of events, and about the lists that it serves.
enum AuditStatements {
    static let all = [
        anchor, head, entries, link, expired, moveAnchor, deleteLinks, deleteEvents,
        recordsAfter, newest, newestOfSubject, newestOfActor, newestOfType,
    ]

    static let anchor = StatementDefinition(
        "audit.anchor",
        reads: ["audit_anchor"],
        plan: [.search("audit_anchor", using: .primaryKey)],
        sql: "SELECT sequence, hash FROM audit_anchor WHERE id = 1"
    )

    static let head = StatementDefinition(
        "audit.head",
        reads: ["audit_chain"],
        plan: [.search("audit_chain", using: .primaryKey)],
        sql: "SELECT sequence, hash FROM audit_chain WHERE sequence = (SELECT max(sequence) FROM audit_chain)"
    )

    static let entries = StatementDefinition(
        "audit.entries",
        reads: ["events", "audit_chain"],
        plan: [.search("e", using: .primaryKey), .search("c", using: .primaryKey)],
        sql: """
            SELECT \(columns),
                   c.hash, c.type, c.occurred_at, c.subject, c.actor_id
            FROM events AS e LEFT JOIN audit_chain AS c ON c.sequence = e.sequence
            WHERE e.sequence > ?1 ORDER BY e.sequence LIMIT ?2
            """
    )

    static let link = StatementDefinition(
        "audit.link",
        reads: ["events"],
        writes: ["audit_chain"],
        plan: [.search("events", using: .primaryKey)],
        sql: """
            INSERT INTO audit_chain (sequence, hash, occurred_at, type, subject, actor_id)
            SELECT sequence, ?2, occurred_at, type, subject, actor_id FROM events WHERE sequence = ?1
            """
    )

    /// The first ones, in the order of the log; the reader stops at the first that is to be kept.
    static let expired = StatementDefinition(
        "audit.expired",
        reads: ["audit_chain"],
        plan: [.search("audit_chain", using: .primaryKey)],
        sql: """
            SELECT sequence, hash, occurred_at FROM audit_chain
            WHERE sequence < (SELECT max(sequence) FROM audit_chain) ORDER BY sequence LIMIT ?1
            """
    )

    static let moveAnchor = StatementDefinition(
        "audit.move_anchor",
        writes: ["audit_anchor"],
        plan: [.search("audit_anchor", using: .primaryKey)],
        sql: "UPDATE audit_anchor SET sequence = ?1, hash = ?2 WHERE id = 1"
    )

    static let deleteLinks = StatementDefinition(
        "audit.delete_links",
        writes: ["audit_chain"],
        plan: [.search("audit_chain", using: .primaryKey)],
        sql: "DELETE FROM audit_chain WHERE sequence <= ?1"
    )

    static let deleteEvents = StatementDefinition(
        "audit.delete_events",
        writes: ["events", "held_events"],
        plan: [
            .search("events", using: .primaryKey),
            .search("held_events", using: "held_events_sequence", on: "sequence=?"),
        ],
        sql: "DELETE FROM events WHERE sequence <= ?1"
    )

    static let recordsAfter = StatementDefinition(
        "audit.records_after",
        reads: ["events"],
        plan: [.search("e", using: .primaryKey)],
        sql: "SELECT \(columns) FROM events AS e WHERE e.sequence > ?1 ORDER BY e.sequence LIMIT ?2"
    )

    static let newest = list("audit.newest", by: "audit_chain_occurred_at", nil)
    static let newestOfSubject = list("audit.newest_of_subject", by: "audit_chain_subject", "subject")
    static let newestOfActor = list("audit.newest_of_actor", by: "audit_chain_actor_id", "actor_id")
    static let newestOfType = list("audit.newest_of_type", by: "audit_chain_type", "type")

    private static let columns = """
        e.sequence, e.id, e.type, e.occurred_at, e.subject, e.actor, e.actor_id, e.credential, e.credential_id,
        e.address, e.request_id, e.traceparent, e.data
        """

    /// The newest first; the number of the row follows the time in each index by itself.
    private static func list(_ id: String, by index: PlanIndex, _ column: String?) -> StatementDefinition {
        StatementDefinition(
            id,
            reads: ["events", "audit_chain"],
            plan: [
                .search(
                    "c",
                    using: index,
                    on: (column.map { "\($0)=? AND " } ?? "") + "occurred_at>? AND occurred_at<?"
                ),
                .search("e", using: .primaryKey),
            ],
            sql: """
                SELECT \(columns)
                FROM audit_chain AS c JOIN events AS e ON e.sequence = c.sequence
                WHERE c.occurred_at > ?1 AND (c.occurred_at, c.sequence) < (?2, ?3)
                \(column.map { "AND c.\($0) = ?5" } ?? "")
                ORDER BY c.occurred_at DESC, c.sequence DESC LIMIT ?4
                """
        )
    }
}
