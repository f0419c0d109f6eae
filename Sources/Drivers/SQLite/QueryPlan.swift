/// One line of a query plan, as EXPLAIN QUERY PLAN gives it.
public struct QueryPlanStep: Equatable, Sendable {
    /// The number of the step.
    public let id: Int64
    /// The number of the step that this one belongs to, 0 at the top.
    public let parent: Int64
    /// The step in SQLite's words, such as `SEARCH users USING INDEX users_email (email=?)`.
    public let detail: String
}

extension Connection {
    /// Asks how SQLite would run a statement, without running it.
    ///
    /// Parameters need no values.
    public func queryPlan(of sql: String, id: String) throws(SQLiteError) -> [QueryPlanStep] {
        let explanation = try prepare("EXPLAIN QUERY PLAN " + sql, id: id)
        var steps: [QueryPlanStep] = []
        while try explanation.step() {
            steps.append(
                QueryPlanStep(
                    id: try explanation.int64(at: 0),
                    parent: try explanation.int64(at: 1),
                    detail: try explanation.string(at: 3)
                )
            )
        }
        return steps
    }
}
