internal import Database

/// The statements about what commits leave for other hosts, on PostgreSQL.
///
/// A row is known by its transaction. What was not visible in a snapshot is what was in progress then (`xip`) or began later
/// (from `xmax` on); so who keeps the snapshot of the last look finds all that has become visible since, each once, however
/// late it was committed, and waits for nobody (https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT).
/// What stands beyond the present snapshot comes from the dump of another server.
enum ChangeLogStatements {
    static let all = [insert, read, prune, callOut]

    static let insert = StatementDefinition(
        "committed_changes.insert",
        writes: ["committed_changes"],
        sql: "INSERT INTO committed_changes (changes) VALUES (?1)"
    )

    /// One statement, as it has to be one snapshot; a row at least, without changes where there are none.
    ///
    /// The origin is another one after a restart, also one of all processes after the crash of one (what was
    /// committed by then may be lost, and its transactions' numbers be given again), on another server, and where the table
    /// was made anew.
    static let read = StatementDefinition(
        "committed_changes.read",
        reads: ["committed_changes"],
        plan: [
            .search("later", using: "committed_changes_transaction", on: "transaction>? AND transaction<?"),
            .search("earlier", using: "committed_changes_transaction", on: "transaction=?"),
        ],
        sql: """
            SELECT concat_ws(
                       ' ', extract(epoch FROM pg_postmaster_start_time()),
                       extract(epoch FROM pg_stat_get_bgwriter_stat_reset_time()),
                       CAST(CAST('committed_changes' AS regclass) AS oid)
                   ),
                   CAST(pg_current_snapshot() AS text), found.changes
            FROM (VALUES (CAST(CAST(?1 AS text) AS pg_snapshot))) AS last (seen)
            LEFT JOIN LATERAL (
                SELECT later.changes FROM committed_changes AS later
                WHERE later.transaction >= pg_snapshot_xmax(last.seen)
                  AND later.transaction < pg_snapshot_xmax(pg_current_snapshot())
                UNION ALL
                SELECT earlier.changes FROM committed_changes AS earlier
                WHERE earlier.transaction = ANY (ARRAY (SELECT pg_snapshot_xip(last.seen)))
                LIMIT ?2
            ) AS found ON true
            """
    )

    /// What everybody has read who has looked since that snapshot.
    static let prune = StatementDefinition(
        "committed_changes.prune",
        writes: ["committed_changes"],
        plan: [
            .search("committed_changes", using: "committed_changes_transaction", on: "transaction=?"),
            .search("old", using: "committed_changes_transaction", on: "transaction<?"),
        ],
        sql: """
            DELETE FROM committed_changes WHERE transaction = ANY (ARRAY (
                SELECT old.transaction FROM committed_changes AS old
                WHERE old.transaction < pg_snapshot_xmin(CAST(CAST(?1 AS text) AS pg_snapshot))
                ORDER BY old.transaction LIMIT ?2
            ))
            """
    )

    /// By itself, and no part of a change: a commit that notifies waits for all others that do
    /// (https://www.postgresql.org/docs/15/sql-notify.html; `PreCommit_Notify` in async.c).
    static let callOut = StatementDefinition(
        "committed_changes.call_out",
        sql: "SELECT pg_notify('\(channel)', ?1)"
    )

    static let channel = "committed_changes"
}
