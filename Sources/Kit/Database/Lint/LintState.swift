/// What is known of the tables when a statement comes to its turn.
struct LintState {
    /// A constraint by which a column is never null.
    struct NotNullCheck {
        let table: String
        let column: String
        var isValidated: Bool
    }

    /// The tables that the step has made itself.
    private(set) var freshTables: Set<String> = []
    /// The constraints that the step has added.
    private(set) var freshConstraints: Set<String> = []
    private var checks: [String: NotNullCheck] = [:]
    /// The tables of indexes, as far as they are known.
    private var indexes: [String: String] = [:]

    /// What the step means, in which a statement stands.
    var phase = Migration.Phase.expand
    /// How the step is taken.
    var kind = StepKind.script

    enum StepKind {
        /// In one transaction.
        case script
        /// Each statement by itself.
        case outsideTransaction
        /// Some rows in each transaction.
        case backfill
    }

    /// Goes on with the next step.
    mutating func beginStep(_ phase: Migration.Phase, _ kind: StepKind) {
        (self.phase, self.kind) = (phase, kind)
        freshTables = []
        freshConstraints = []
    }

    mutating func created(_ table: String) { freshTables.insert(table) }

    mutating func added(_ constraint: String, on table: String, notNull column: String?, isValidated: Bool) {
        freshConstraints.insert("\(table).\(constraint)")
        guard let column else { return }
        checks["\(table).\(constraint)"] = NotNullCheck(table: table, column: column, isValidated: isValidated)
    }

    mutating func validated(_ constraint: String, on table: String) {
        checks["\(table).\(constraint)"]?.isValidated = true
    }

    mutating func dropped(_ constraint: String, on table: String) { checks["\(table).\(constraint)"] = nil }

    mutating func created(index: String, on table: String) { indexes[index] = table }

    func table(ofIndex index: String) -> String? { indexes[index] }

    func isFresh(_ constraint: String, on table: String) -> Bool { freshConstraints.contains("\(table).\(constraint)") }

    func isNeverNull(_ column: String, in table: String) -> Bool {
        checks.values.contains { $0.table == table && $0.column == column && $0.isValidated }
    }
}
