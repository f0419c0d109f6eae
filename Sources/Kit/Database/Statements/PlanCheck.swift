internal import SQLite

/// A statement whose plan, or whose use of tables, is not what it declares.
public struct PlanViolation: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Nothing in the plan meets this expectation: an index is missing or
        /// not used, or the declaration is out of date.
        case unmet(PlanExpectation)
        /// A line of the plan that no expectation covers.
        case undeclared(String)
        /// SQLite builds an index for each run, since the schema has none that fits.
        case automaticIndex(String)
        /// A table is changed, but `writes` does not say so.
        case undeclaredWrite(String)
        /// A table is read by a statement that changes nothing, but `reads` does not say so.
        case undeclaredRead(String)
        /// `reads` or `writes` names a table that is not used so.
        case unusedTable(String)
    }

    /// The id of the statement.
    public let statement: String
    /// What is wrong.
    public let problem: Problem
    /// The whole plan, a line each.
    public let plan: [String]

    /// All of it for a test's message.
    public var description: String {
        "\(statement): \(problem)\n" + plan.map { "    " + $0 }.joined(separator: "\n")
    }
}

extension StatementRegistry {
    /// Asks the engine for the plan of every statement and compares it with what is declared.
    ///
    /// A plan of SQLite depends on the schema and, once ANALYZE has run, on the
    /// statistics: check with the production schema, both without statistics
    /// and after ANALYZE on data of realistic size. PostgreSQL is told to take every
    /// table for large, and to plan for any values. Nothing is executed.
    ///
    /// - Parameter session: A session on a database with the schema in place.
    /// - Returns: What is wrong; empty if all is well.
    /// - Throws: ``DatabaseError``, for one if a statement does not fit the schema.
    public func planViolations(in session: DatabaseSession) throws -> [PlanViolation] {
        if case .postgreSQL(let engine) = session.engine { return try planViolations(on: engine) }
        return try session.withConnection { connection in
            let tables = try TablesByRootPage(connection)
            var violations: [PlanViolation] = []
            for definition in definitions {
                let plan = try connection.queryPlan(of: definition.sql, id: definition.id).map(\.detail)
                let uses = try tables.uses(of: definition, connection)
                let problems = definition.planProblems(plan) + definition.tableProblems(uses)
                violations += problems.map { PlanViolation(statement: definition.id, problem: $0, plan: plan) }
            }
            return violations
        }
    }
}

extension StatementRegistry {
    fileprivate func planViolations(on engine: PostgreSQLEngine) throws -> [PlanViolation] {
        let plans = try engine.plans(of: definitions, isForLargeTables: true)
        return zip(definitions, plans).flatMap { definition, lines in
            PostgreSQLPlan(lines).problems(of: definition).map {
                PlanViolation(statement: definition.id, problem: $0, plan: lines)
            }
        }
    }

    /// Has the engine look at every statement, and runs none.
    ///
    /// - Parameter session: A session outside a transaction.
    /// - Throws: ``DatabaseError``, where a statement does not fit the schema.
    public func requireFit(in session: DatabaseSession) throws {
        if case .postgreSQL(let engine) = session.engine { return try engine.requireFit(self) }
        try session.withConnection { connection in
            for definition in definitions { _ = try connection.prepare(definition.sql, id: definition.id) }
        }
    }
}

extension StatementDefinition {
    fileprivate func planProblems(_ details: [String]) -> [PlanViolation.Problem] {
        let lines = details.map { (detail: $0, line: SQLitePlanLine($0)) }
        let undeclared = lines.compactMap { detail, line -> PlanViolation.Problem? in
            switch line {
            case .structure: nil
            case .automaticIndex(let table): .automaticIndex(table)
            default: plan.contains(where: line.meets) ? nil : .undeclared(detail)
            }
        }
        let unmet = plan.filter { expectation in !lines.contains { $0.line.meets(expectation) } }
        return undeclared + unmet.map(PlanViolation.Problem.unmet)
    }

    fileprivate func tableProblems(_ uses: TableUses) -> [PlanViolation.Problem] {
        let undeclaredWrites = uses.written.subtracting(writes)
        // A statement that writes also opens the tables that its foreign keys
        // point to; those reads decide about success, not about an answer.
        let undeclaredReads = uses.written.isEmpty ? uses.read.subtracting(reads) : []
        let unused = reads.subtracting(uses.read).subtracting(uses.written).union(writes.subtracting(uses.written))
        return undeclaredWrites.sorted().map(PlanViolation.Problem.undeclaredWrite)
            + undeclaredReads.sorted().map(PlanViolation.Problem.undeclaredRead)
            + unused.sorted().map(PlanViolation.Problem.unusedTable)
    }
}

/// Which tables a statement opens.
private struct TableUses {
    var read: Set<String> = []
    var written: Set<String> = []
}

/// The tables of a schema by the number of the page on which they, or one of
/// their indexes, begin.
private struct TablesByRootPage {
    private var tables: [Int64: String] = [:]

    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let query = try connection.prepare(
            "SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0",
            id: "plan check"
        )
        while try query.step() {
            tables[try query.int64(at: 0)] = try query.string(at: 1)
        }
    }

    /// Reads the tables out of the program that SQLite compiles a statement to,
    /// with those of triggers and foreign-key actions.
    func uses(
        of definition: StatementDefinition,
        _ connection: borrowing Connection
    ) throws(SQLiteError) -> TableUses {
        let program = try connection.prepare("EXPLAIN " + definition.sql, id: definition.id)
        var uses = TableUses()
        while try program.step() {
            // Columns: address, operation, P1 ... P5. SQLite's own tables,
            // such as the schema on page 1, are not in the dictionary.
            switch try program.string(at: 1) {
            case "OpenRead", "ReopenIdx":
                if let table = tables[try program.int64(at: 3)] { uses.read.insert(table) }
            case "OpenWrite":
                if let table = tables[try program.int64(at: 3)] { uses.written.insert(table) }
            case "Clear":
                // DELETE without WHERE empties the tree without opening it.
                if let table = tables[try program.int64(at: 2)] { uses.written.insert(table) }
            default: break
            }
        }
        return uses
    }
}
