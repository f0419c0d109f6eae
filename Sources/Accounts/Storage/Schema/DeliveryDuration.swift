internal import Database

/// How long a delivery took, in microseconds as all other durations: a column the whole way, while services use it
/// (docs/migrations.md).
///
/// The program of this schema writes both columns and reads the new one where it is filled. What is left of the old one the
/// next release drops: until then the program before can be gone back to.
enum DeliveryDuration {
    /// Room for it, which the program before leaves empty.
    static let expand = Migration(
        id: 11,
        name: "add webhook_deliveries.duration_us",
        up: ["ALTER TABLE webhook_deliveries ADD COLUMN duration_us INTEGER"],
        down: ["ALTER TABLE webhook_deliveries DROP COLUMN duration_us"],
        onPostgreSQL: Migration.PostgreSQLScript(
            up: ["ALTER TABLE webhook_deliveries ADD COLUMN duration_us bigint"],
            down: ["ALTER TABLE webhook_deliveries DROP COLUMN duration_us"]
        )
    )

    /// The rows of before.
    ///
    /// What the program before writes after this has begun stays empty, so that it waits for its end.
    static let fill = Migration(
        id: 12,
        name: "fill webhook_deliveries.duration_us",
        backfill: Backfill(
            "webhook_deliveries",
            set: "duration_us = milliseconds * 1000",
            where: "duration_us IS NULL"
        )
    )

    /// From here on nothing is stored without it, and the old column may be left empty: the program after this one does.
    ///
    /// SQLite can change no constraint of a table. A copy of the table would keep who writes waiting, for a second where it
    /// has 200,000 rows: its definition is edited instead, after a look at all rows.
    static let require = Migration(
        id: 13,
        name: "require webhook_deliveries.duration_us",
        phase: .contract,
        editsSchema: true,
        up: edits(
            of: "replace(replace(sql, '\(needed)', '\(free)'), '\(room)', '\(room) \(check)')",
            wrong: [
                "SELECT duration_us FROM webhook_deliveries WHERE duration_us IS NULL",
                """
                SELECT NULL WHERE NOT EXISTS (
                    SELECT 1 FROM sqlite_schema
                    WHERE name = 'webhook_deliveries' AND instr(sql, '\(room) \(check)') AND NOT instr(sql, '\(needed)')
                )
                """,
            ]
        ),
        down: ["UPDATE webhook_deliveries SET milliseconds = duration_us / 1000 WHERE milliseconds IS NULL"]
            + edits(of: "replace(replace(sql, ' \(check)', ''), '\(free)', '\(needed)')", wrong: []),
        onPostgreSQL: Migration.PostgreSQLScript(
            up: [
                """
                ALTER TABLE webhook_deliveries
                ADD CONSTRAINT webhook_deliveries_duration CHECK (duration_us IS NOT NULL) NOT VALID
                """,
                "ALTER TABLE webhook_deliveries ALTER COLUMN milliseconds DROP NOT NULL",
            ],
            down: [
                "UPDATE webhook_deliveries SET milliseconds = duration_us / 1000 WHERE milliseconds IS NULL",
                "ALTER TABLE webhook_deliveries ALTER COLUMN milliseconds SET NOT NULL",
                "ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_duration",
            ]
        )
    )

    /// All rows are held against the check, while others read and write; on SQLite they were in the step before.
    static let validate = Migration(
        id: 14,
        name: "validate webhook_deliveries.duration_us",
        phase: .contract,
        up: [],
        down: [],
        onPostgreSQL: Migration.PostgreSQLScript(
            up: ["ALTER TABLE webhook_deliveries VALIDATE CONSTRAINT webhook_deliveries_duration"],
            down: []
        )
    )

    private static let needed = "milliseconds INTEGER NOT NULL"
    private static let free = "milliseconds INTEGER"
    private static let room = "duration_us INTEGER"
    private static let check = "CHECK (duration_us IS NOT NULL)"

    /// Gives the table another definition on SQLite, in which the rows stay as they are.
    ///
    /// What a query finds wrong ends the step: it is null, which the table of these findings does not take. That table comes
    /// and goes, by which other connections learn that the schema has changed.
    private static func edits(of definition: String, wrong queries: [String]) -> [String] {
        [
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = \(definition) WHERE type = 'table' AND name = 'webhook_deliveries'",
            "PRAGMA writable_schema = RESET",
            "CREATE TABLE migration_findings (finding INTEGER NOT NULL)",
        ] + queries.map { "INSERT INTO migration_findings \($0)" } + ["DROP TABLE migration_findings"]
    }
}
