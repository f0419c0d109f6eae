internal import Database

/// The statements by which events get their numbers on PostgreSQL.
///
/// There a number that a transaction takes for itself says nothing about the order of the commits: it is there before the
/// commit, and another with a later number may commit first. Who reads up to a number would miss what comes before it. So a
/// transaction leaves its events in `new_events`, and who reads the log first moves those that are there to its end, one
/// transaction at a time. What is committed later gets a later number, however long it took; and of two transactions of
/// which one saw what the other had done the earlier one's events come first, as they took their places first.
enum EventNumberStatements {
    static let all = [waiting, lock, number]

    static let waiting = StatementDefinition(
        "events.waiting",
        reads: ["new_events"],
        plan: [.scan("new_events", because: "one row at most is looked at")],
        sql: "SELECT 1 FROM new_events LIMIT 1"
    )

    /// Waits for who is at it, before the transaction sees anything, so that it sees what the other one has done.
    ///
    /// By an empty table: one that has rows is vacuumed, which the lock would end each time.
    static let lock = StatementDefinition(
        "events.lock",
        writes: ["event_numbering"],
        sql: "LOCK TABLE event_numbering IN EXCLUSIVE MODE"
    )

    static let number = StatementDefinition(
        "events.number",
        reads: ["events"],
        writes: ["new_events", "events"],
        plan: [
            .scan("new_events", because: "the first ones are taken"),
            .search("new_events", using: .primaryKey, on: "place=?"),
            .search("events", using: .primaryKey),
            .scan("taken", because: "each of them is moved"),
            .temporaryTree(because: "they get their numbers in their order"),
        ],
        sql: """
            WITH taken AS (
                DELETE FROM new_events WHERE place IN (SELECT place FROM new_events ORDER BY place LIMIT ?1)
                RETURNING place, \(EventStatements.content)
            )
            INSERT INTO events (sequence, \(EventStatements.content))
            SELECT (SELECT coalesce(max(sequence), 0) FROM events) + row_number() OVER (ORDER BY place),
                   \(EventStatements.content)
            FROM taken
            """
    )
}

extension DatabaseTransaction {
    /// How many events get their numbers in one transaction.
    static let mostNumbered = 1000

    /// Gives events their numbers, on PostgreSQL; the first thing that the transaction does.
    ///
    /// - Returns: How many there were.
    func numberEvents() throws -> Int {
        try submit(EventNumberStatements.lock)
        return try execute(EventNumberStatements.number, Self.mostNumbered)
    }
}
