/// What a transaction has changed, as its statements declare it.
public struct CommittedChanges: Sendable {
    /// A row, by the value of its id.
    public struct Row: Hashable, Sendable {
        /// The table.
        public let table: String
        /// The id.
        public let id: DatabaseValue
    }

    /// The tables, each once.
    public private(set) var tables: Set<String> = []
    /// The rows that the statements name (``StatementDefinition/rows``), each once.
    public private(set) var rows: Set<Row> = []

    /// Whether no statement that writes was run.
    public var isEmpty: Bool { tables.isEmpty && rows.isEmpty }

    mutating func add(_ definition: StatementDefinition) {
        tables.formUnion(definition.writes)
    }

    mutating func add(_ table: String, _ id: DatabaseValue) {
        rows.insert(Row(table: table, id: id))
    }

    mutating func add(table: String) {
        tables.insert(table)
    }

    /// Those of these tables.
    func limited(to known: Set<String>) -> CommittedChanges {
        var changes = CommittedChanges()
        changes.tables = tables.intersection(known)
        changes.rows = rows.filter { known.contains($0.table) }
        return changes
    }

    mutating func add(_ changes: CommittedChanges) {
        tables.formUnion(changes.tables)
        rows.formUnion(changes.rows)
    }
}

/// Learns of every commit of the sessions that know it.
public protocol CommitObserver: Sendable {
    /// A transaction has been committed, in this thread, and its caller does not know yet.
    ///
    /// Also called where the commit failed in a way that leaves open whether the change will be found after a crash. The
    /// statements were run, whether or not they met a row. Must not use the session.
    func committed(_ changes: CommittedChanges)
}
