public import Database

/// Migrations of each kind on a table of notes, for tests and for a program that is killed while it takes them.
public enum NoteMigrations {
    /// How many notes the first of them makes.
    public static let rowCount = 350

    /// All of them, in order.
    public static let all = [
        Migration(
            id: 1,
            name: "create notes",
            up: [
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(rowCount))
                INSERT INTO notes (id, text) SELECT n, 'note ' || n FROM numbers
                """,
            ],
            down: ["DROP TABLE notes"],
            onPostgreSQL: Migration.PostgreSQLScript(
                up: [
                    "CREATE TABLE notes (id bigint CONSTRAINT notes_pkey PRIMARY KEY, text text NOT NULL)",
                    "INSERT INTO notes (id, text) SELECT n, 'note ' || n FROM generate_series(1, \(rowCount)) AS n",
                ],
                down: ["DROP TABLE notes"]
            )
        ),
        Migration(
            id: 2,
            name: "add notes.length",
            up: ["ALTER TABLE notes ADD COLUMN length INTEGER"],
            down: ["ALTER TABLE notes DROP COLUMN length"],
            onPostgreSQL: Migration.PostgreSQLScript(
                up: ["ALTER TABLE notes ADD COLUMN length bigint"],
                down: ["ALTER TABLE notes DROP COLUMN length"]
            )
        ),
        Migration(id: 3, name: "find notes by their text", index: index),
        Migration(id: 4, name: "fill notes.length", backfill: backfill),
        Migration(
            id: 5,
            name: "require notes.length",
            phase: .contract,
            up: ["CREATE INDEX notes_length ON notes (length)"],
            down: ["DROP INDEX notes_length"],
            onPostgreSQL: Migration.PostgreSQLScript(
                up: ["ALTER TABLE notes ADD CONSTRAINT notes_length CHECK (length IS NOT NULL) NOT VALID"],
                down: ["ALTER TABLE notes DROP CONSTRAINT notes_length"]
            )
        ),
    ]

    /// That of the third.
    public static let index = ConcurrentIndex(
        "notes_text",
        on: "notes",
        "text",
        onPostgreSQL: "text, id",
        isUnique: true
    )

    /// That of the fourth: it works all the time.
    public static let backfill = Backfill(
        "notes",
        set: "length = length(text)",
        where: "length IS NULL",
        rowsPerBatch: 100,
        share: 100
    )
}
