internal import Database

/// The statements about what one host at a time does, on PostgreSQL, by the server's clock.
enum LeaseStatements {
    static let all = [isFree, take, release]

    /// Asked first by who does not have it: even a take that changes nothing would be written down.
    static let isFree = StatementDefinition(
        "leases.is_free",
        reads: ["leases"],
        plan: [.search("leases", using: .primaryKey)],
        sql: "SELECT holder = ?2 OR expires_at < \(now) FROM leases WHERE name = ?1"
    )

    static let take = StatementDefinition(
        "leases.take",
        writes: ["leases"],
        sql: """
            INSERT INTO leases (name, holder, expires_at) VALUES (?1, ?2, \(now) + CAST(?3 AS bigint))
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            WHERE leases.holder = excluded.holder OR leases.expires_at < \(now)
            RETURNING expires_at
            """
    )

    /// Only as it was taken: the same host may have taken it again.
    static let release = StatementDefinition(
        "leases.release",
        writes: ["leases"],
        plan: [.search("leases", using: .primaryKey)],
        sql: "DELETE FROM leases WHERE name = ?1 AND holder = ?2 AND expires_at = ?3"
    )

    /// Also within a transaction the time goes on.
    private static let now = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
}
