internal import Database

/// The statements about the log of events.
enum EventStatements {
    static let all = [insert, after]

    /// What consumers are told of an event, in the order in which ``Row/event()`` reads it.
    static let columns = "sequence, id, type, occurred_at, subject, traceparent, data"

    /// SQLite numbers the row: one more than the last, under the write lock, and hence in the order of the commits.
    ///
    /// On PostgreSQL it gets its number later, see ``EventNumberStatements``.
    static let insert = StatementDefinition(
        "events.insert",
        writes: ["events"],
        sql: "INSERT INTO events \(insertion)",
        postgreSQL: "INSERT INTO new_events \(insertion)"
    )

    private static let insertion = """
        (\(content)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """

    /// All but the number.
    static let content = """
        id, type, occurred_at, subject, actor, actor_id, credential, credential_id, address, request_id, traceparent, data
        """

    static let after = StatementDefinition(
        "events.after",
        reads: ["events"],
        plan: [.search("events", using: .primaryKey)],
        sql: "SELECT \(columns) FROM events WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
    )
}

/// The statements about consumers of events, and about what they hold.
enum ConsumerStatements {
    static let all = [
        begin, end, place, move, due, nextDue, isHolding, isHoldingSubject, hold, release, promote,
        state, deadLetters, revive, order, beginAnew,
    ]

    /// A new one begins behind the last event, or before the first.
    static let begin = StatementDefinition(
        "consumers.begin",
        reads: ["events"],
        writes: ["consumers"],
        plan: [.search("events", using: .primaryKey)],
        sql: """
            INSERT INTO consumers (name, sequence, turn, failures, due_at, reason)
            VALUES (
                ?1, CASE WHEN CAST(?2 AS bigint) = 1 THEN 0 ELSE (SELECT coalesce(max(sequence), 0) FROM events) END,
                0, 0, 0, ''
            )
            ON CONFLICT DO NOTHING
            """
    )

    static let end = StatementDefinition(
        "consumers.end",
        writes: ["consumers", "held_events"],
        plan: [
            .search("consumers", using: .primaryKey),
            .search("held_events", using: .primaryKey, on: "consumer=?"),
        ],
        sql: "DELETE FROM consumers WHERE name = ?1"
    )

    static let place = StatementDefinition(
        "consumers.place",
        reads: ["consumers"],
        plan: [.search("consumers", using: .primaryKey)],
        sql: "SELECT sequence, turn, failures, failing_since, due_at, reason FROM consumers WHERE name = ?1"
    )

    /// Only from the turn that was read before.
    static let move = StatementDefinition(
        "consumers.move",
        writes: ["consumers"],
        plan: [.search("consumers", using: .primaryKey)],
        sql: """
            UPDATE consumers
            SET sequence = ?3, turn = ?4, failures = ?5, failing_since = ?6, due_at = ?7, reason = ?8
            WHERE name = ?1 AND turn = ?2
            """
    )

    static let due = StatementDefinition(
        "held_events.due",
        reads: ["held_events", "events"],
        plan: [
            .search("h", using: "held_events_due_at", on: "consumer=? AND due_at<?"),
            .search("e", using: .primaryKey),
        ],
        sql: """
            SELECT e.sequence, e.id, e.type, e.occurred_at, e.subject, e.traceparent, e.data,
                   h.attempts, h.since, h.due_at, h.reason
            FROM held_events AS h JOIN events AS e ON e.sequence = h.sequence
            WHERE h.consumer = ?1 AND h.due_at <= ?2
            ORDER BY h.due_at LIMIT ?3
            """
    )

    static let nextDue = StatementDefinition(
        "held_events.next_due",
        reads: ["held_events"],
        plan: [.search("held_events", using: "held_events_due_at", on: "consumer=? AND due_at>?")],
        sql: "SELECT due_at FROM held_events WHERE consumer = ?1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1"
    )

    // Without statistics SQLite would go by the primary key, and so through all that was given up.

    static let isHolding = StatementDefinition(
        "held_events.is_holding",
        reads: ["held_events"],
        plan: [.search("held_events", using: "held_events_subject", on: "consumer=?")],
        sql: """
            SELECT 1 FROM held_events INDEXED BY held_events_subject
            WHERE consumer = ?1 AND given_up_at IS NULL LIMIT 1
            """
    )

    static let isHoldingSubject = StatementDefinition(
        "held_events.is_holding_subject",
        reads: ["held_events"],
        plan: [.search("held_events", using: "held_events_subject", on: "consumer=? AND subject=?")],
        sql: """
            SELECT 1 FROM held_events INDEXED BY held_events_subject
            WHERE consumer = ?1 AND subject = ?2 AND given_up_at IS NULL LIMIT 1
            """
    )

    static let state = StatementDefinition(
        "consumers.state",
        reads: ["consumers", "events", "held_events"],
        plan: [
            .search("consumers", using: .primaryKey),
            .search("events", using: .primaryKey),
            .search("held_events", using: "held_events_subject", on: "consumer=?"),
            .search("held_events", using: "held_events_given_up", on: "consumer=?"),
        ],
        sql: """
            SELECT max(0, coalesce((SELECT max(sequence) FROM events), 0) - sequence),
                   (SELECT count(*) FROM held_events INDEXED BY held_events_subject
                    WHERE consumer = ?1 AND given_up_at IS NULL),
                   (SELECT count(*) FROM held_events INDEXED BY held_events_given_up
                    WHERE consumer = ?1 AND given_up_at IS NOT NULL),
                   failing_since, reason
            FROM consumers WHERE name = ?1
            """,
        postgreSQL: """
            SELECT greatest(0, coalesce((SELECT max(sequence) FROM events), 0) - sequence),
                   (SELECT count(*) FROM held_events WHERE consumer = ?1 AND given_up_at IS NULL),
                   (SELECT count(*) FROM held_events WHERE consumer = ?1 AND given_up_at IS NOT NULL),
                   failing_since, reason
            FROM consumers WHERE name = ?1
            """
    )

    static let deadLetters = StatementDefinition(
        "held_events.dead_letters",
        reads: ["held_events", "events"],
        plan: [
            .search("h", using: "held_events_given_up", on: "consumer=?"),
            .search("e", using: .primaryKey),
        ],
        sql: """
            SELECT e.id, e.type, h.attempts, h.given_up_at, h.reason
            FROM held_events AS h INDEXED BY held_events_given_up JOIN events AS e ON e.sequence = h.sequence
            WHERE h.consumer = ?1 AND h.given_up_at IS NOT NULL
            ORDER BY h.sequence LIMIT ?2
            """
    )

    static let revive = StatementDefinition(
        "held_events.revive",
        reads: ["held_events"],
        writes: ["held_events"],
        plan: [
            .search("held_events", using: "held_events_sequence", on: "sequence=? AND consumer=?"),
            .search("held_events", using: "held_events_given_up", on: "consumer=?"),
        ],
        sql: """
            UPDATE held_events INDEXED BY held_events_sequence SET given_up_at = NULL, since = ?2, attempts = 0
            WHERE consumer = ?1 AND sequence IN (
                SELECT sequence FROM held_events INDEXED BY held_events_given_up
                WHERE consumer = ?1 AND given_up_at IS NOT NULL ORDER BY sequence LIMIT ?3
            )
            """,
        postgreSQL: """
            UPDATE held_events SET given_up_at = NULL, since = ?2, attempts = 0
            WHERE consumer = ?1 AND sequence = ANY (ARRAY (
                SELECT sequence FROM held_events
                WHERE consumer = ?1 AND given_up_at IS NOT NULL ORDER BY sequence LIMIT ?3
            ))
            """
    )

    /// The first of each subject comes due, those behind it do not.
    static let order = StatementDefinition(
        "held_events.order",
        reads: ["held_events"],
        writes: ["held_events"],
        plan: [
            .search("held_events", using: "held_events_subject", on: "consumer=?"),
            .search("earlier", using: "held_events_subject", on: "consumer=? AND subject=? AND sequence<?"),
        ],
        sql: """
            UPDATE held_events INDEXED BY held_events_subject
            SET due_at = CASE WHEN EXISTS (
                SELECT 1 FROM held_events AS earlier INDEXED BY held_events_subject
                WHERE earlier.consumer = ?1 AND earlier.subject = held_events.subject AND earlier.given_up_at IS NULL
                    AND earlier.sequence < held_events.sequence
            ) THEN NULL ELSE coalesce(due_at, ?2) END
            WHERE consumer = ?1 AND given_up_at IS NULL
            """
    )

    /// What a relay is at with the old state is not settled, but done once more.
    static let beginAnew = StatementDefinition(
        "consumers.begin_anew",
        writes: ["consumers"],
        plan: [.search("consumers", using: .primaryKey)],
        sql: """
            UPDATE consumers SET turn = turn + 1, failures = 0, failing_since = NULL, due_at = 0, reason = ''
            WHERE name = ?1
            """
    )

    static let hold = StatementDefinition(
        "held_events.hold",
        writes: ["held_events"],
        sql: """
            INSERT INTO held_events (consumer, sequence, subject, attempts, since, due_at, given_up_at, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (consumer, sequence)
            DO UPDATE SET attempts = ?4, due_at = ?6, given_up_at = ?7, reason = ?8
            """
    )

    static let release = StatementDefinition(
        "held_events.release",
        writes: ["held_events"],
        plan: [.search("held_events", using: .primaryKey, on: "consumer=? AND sequence=?")],
        sql: "DELETE FROM held_events WHERE consumer = ?1 AND sequence = ?2"
    )

    /// The first of a subject that is not given up; one that has its time already keeps it.
    static let promote = StatementDefinition(
        "held_events.promote",
        reads: ["held_events"],
        writes: ["held_events"],
        plan: [
            .search("held_events", using: .primaryKey, on: "consumer=? AND sequence=?"),
            .search("held_events", using: "held_events_subject", on: "consumer=? AND subject=?"),
        ],
        sql: """
            UPDATE held_events SET due_at = ?3
            WHERE consumer = ?1 AND due_at IS NULL AND sequence = (
                SELECT sequence FROM held_events INDEXED BY held_events_subject
                WHERE consumer = ?1 AND subject = ?2 AND given_up_at IS NULL
                ORDER BY sequence LIMIT 1
            )
            """
    )
}
