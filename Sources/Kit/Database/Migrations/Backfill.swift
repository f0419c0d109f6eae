/// A change of all rows of a table that is in use, some rows at a time.
///
/// It goes through the table in the order of its key, from the first row to the one that was the last when it began; rows
/// that come later are the program's to write as they should be. Each batch is a transaction, together with how far it has
/// come, so that one who is killed is gone on behind, by whomever. After each batch it rests.
public struct Backfill: Hashable, Sendable {
    /// The table.
    public let table: String
    /// Its primary key, one column.
    public let key: String
    /// What is set, such as "duration_us = milliseconds * 1000".
    public let assignments: String
    /// Which rows still need it, such as "duration_us IS NULL"; those that were written meanwhile do not.
    public let condition: String
    /// So many rows are in one transaction.
    public let rowsPerBatch: Int
    /// The share of the time that it works, in percent; the rest of it it rests.
    public let share: Int

    /// Describes a backfill.
    ///
    /// So many rows are in one transaction, 1 at least; it works so many percent of the time, 1 to 100.
    public init(
        _ table: String,
        by key: String = "id",
        set assignments: String,
        where condition: String,
        rowsPerBatch: Int = 1000,
        share: Int = 25
    ) {
        self.table = table
        self.key = key
        self.assignments = assignments
        self.condition = condition
        self.rowsPerBatch = max(1, rowsPerBatch)
        self.share = min(max(1, share), 100)
    }

    /// What becomes of the table in the end, as one statement.
    public var statement: String { "UPDATE \(table) SET \(assignments) WHERE \(condition)" }

    /// How long to rest after a batch that took so long, ten seconds at most.
    func rest(after batch: Duration) -> Duration {
        min(batch * (100 - share) / share, .seconds(10))
    }

    /// Where it begins and ends, as columns of ``MigrationUnderway/table``: they have the type of the key.
    var columns: String {
        """
        , (SELECT count(*) FROM \(table)) AS row_total
        , (SELECT \(key) FROM \(table) ORDER BY \(key) LIMIT 1) AS position
        , (SELECT \(key) FROM \(table) ORDER BY \(key) DESC LIMIT 1) AS bound
        , (SELECT \(key) FROM \(table) ORDER BY \(key) LIMIT 1) AS batch_end
        """
    }

    /// The statements of one batch, the same for all of them: where it begins and ends stands in the table of the progress.
    ///
    /// Where a batch ends, and where the next one begins, is looked for from one side only: between two values that it does
    /// not know PostgreSQL expects few rows, and would read and sort all that are left.
    var batch: [String] {
        let progress = MigrationUnderway.table
        let (position, end) = ("(SELECT position FROM \(progress))", "(SELECT batch_end FROM \(progress))")
        return [
            """
            UPDATE \(progress) SET batch_end = (
                SELECT \(key) FROM \(table) WHERE \(key) >= \(position) ORDER BY \(key) LIMIT 1 OFFSET \(rowsPerBatch - 1)
            )
            """,
            "UPDATE \(progress) SET batch_end = bound WHERE batch_end IS NULL OR batch_end > bound",
            """
            UPDATE \(table) SET \(assignments) WHERE \(key) >= \(position) AND \(key) <= \(end) AND (\(condition))
            """,
            """
            UPDATE \(progress) SET
                row_count = row_count
                    + (SELECT count(*) FROM \(table) WHERE \(key) >= \(position) AND \(key) <= \(end)),
                position = (SELECT \(key) FROM \(table) WHERE \(key) > \(end) ORDER BY \(key) LIMIT 1)
            """,
            "UPDATE \(progress) SET position = NULL WHERE position > bound",
        ]
    }
}
