/// Holds migrations of PostgreSQL against ``LintRule``.
public struct MigrationLint {
    /// A statement that breaks a rule.
    public struct Finding: Hashable, Sendable {
        /// The migration or the file.
        public let source: String
        /// The line on which the statement begins, where it is of a file.
        public let line: Int?
        /// The rule.
        public let rule: LintRule
        /// The statement.
        public let statement: String
        /// Why it may, where the migration says so.
        public let acceptance: String?
    }

    private var state = LintState()

    /// Knows of no table yet; what is linted later is taken for what comes later.
    public init() {}

    /// Looks at all migrations of a list, in their order.
    ///
    /// Their ways back are not looked at: they take away by their nature.
    public static func findings(in migrations: [Migration]) -> [Finding] {
        var lint = MigrationLint()
        return migrations.flatMap { lint.findings(in: $0) }
    }

    /// Looks at a migration, as it is on PostgreSQL.
    ///
    /// - Returns: What breaks a rule, that which is accepted too, and what is accepted for nothing.
    public mutating func findings(in migration: Migration) -> [Finding] {
        state.beginStep(migration.phase, migration.stepKind)
        var findings: [Finding] = []
        for statement in migration.up(.postgreSQL).flatMap(SQLStatement.all) {
            for rule in StatementLint(statement, &state).broken {
                findings.append(
                    Finding(
                        source: migration.title,
                        line: nil,
                        rule: rule,
                        statement: statement.text,
                        acceptance: migration.accepts[rule]
                    )
                )
            }
        }
        let unused = migration.accepts.filter { accepted in !findings.contains { $0.rule == accepted.key } }
        for (rule, reason) in unused.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            findings.append(
                Finding(
                    source: migration.title,
                    line: nil,
                    rule: .unusedAcceptance,
                    statement: "accepts \(rule.rawValue): \(reason)",
                    acceptance: nil
                )
            )
        }
        return findings
    }

    /// Looks at a script that stands in a file.
    ///
    /// - Parameters:
    ///   - script: Statements, which semicolons end.
    ///   - name: What findings call it.
    ///   - phase: What the step means.
    ///   - isOneTransaction: Whether it is run in one.
    /// - Returns: What breaks a rule.
    public mutating func findings(
        in script: String,
        named name: String,
        phase: Migration.Phase = .expand,
        isOneTransaction: Bool = true
    ) -> [Finding] {
        state.beginStep(phase, isOneTransaction ? .script : .outsideTransaction)
        return SQLStatement.all(in: script).flatMap { statement in
            StatementLint(statement, &state).broken.map { rule in
                Finding(source: name, line: statement.line, rule: rule, statement: statement.text, acceptance: nil)
            }
        }
    }

    /// The locks that migrations take of tables that exist before the step, by the number of the migration: the greatest of
    /// each table.
    public static func locks(in migrations: [Migration]) -> [Int: [TableLock]] {
        var state = LintState()
        var locks: [Int: [TableLock]] = [:]
        for migration in migrations {
            state.beginStep(migration.phase, migration.stepKind)
            var modes: [String: TableLock.Mode] = [:]
            for statement in migration.up(.postgreSQL).flatMap(SQLStatement.all) {
                for lock in StatementLint(statement, &state).locks {
                    modes[lock.table] = max(modes[lock.table] ?? lock.mode, lock.mode)
                }
            }
            locks[migration.id] = modes.map { TableLock(table: $0.key, mode: $0.value) }.sorted { $0.table < $1.table }
        }
        return locks
    }
}

extension Migration {
    fileprivate var stepKind: LintState.StepKind {
        switch kind {
        case .script: .script
        case .concurrentIndex: .outsideTransaction
        case .backfill: .backfill
        }
    }
}
