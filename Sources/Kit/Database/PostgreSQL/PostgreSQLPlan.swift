/// The text of PostgreSQL's EXPLAIN (COSTS OFF), taken apart.
///
/// The forms are those of version 15 (`ExplainNode` in explain.c). PostgreSQL does not promise them, and that is no harm: a
/// changed form fails the checks of a build, never a running service.
struct PostgreSQLPlan {
    /// A table, a function or a common table expression that is read.
    struct Access: Equatable {
        /// The table, and the name by which the statement calls it.
        var table: String
        var alias: String
        /// The index; nil where the table is read from one end to the other.
        var index: String?
        /// What narrows the search in the index.
        var condition = ""
    }

    private(set) var accesses: [Access] = []
    private(set) var sorts = false

    init(_ lines: [String]) {
        /// The index of a bitmap, which is told below its table.
        var isBitmap = false
        for line in lines {
            let text = line.trimmed()
            if text.hasPrefix("Sort Key:") { sorts = true }
            if let condition = text.removing("Index Cond: "), let last = accesses.indices.last {
                accesses[last].condition = String(condition)
            }
            if isBitmap, let index = text.removing("Bitmap Index Scan on "), let last = accesses.indices.last {
                accesses[last].index = String(index)
                isBitmap = false
            }
            guard let access = Self.access(text) else { continue }
            isBitmap = text.hasPrefix("Bitmap Heap Scan")
            accesses.append(access)
        }
    }

    private static func access(_ text: Substring) -> Access? {
        let words = text.split(separator: " ")
        guard let scan = words.firstIndex(of: "Scan"), scan > 0, let on = words.firstIndex(of: "on"),
            on + 1 < words.count
        else { return nil }
        switch words[..<scan].joined(separator: " ") {
        case "Index", "Index Only":
            guard let using = words.firstIndex(of: "using"), using + 1 < words.count else { return nil }
            return access(words[(on + 1)...], index: words[using + 1])
        case "Seq", "Bitmap Heap", "Function", "CTE", "Parallel Seq": return access(words[(on + 1)...], index: nil)
        // The rows of the step before, in a recursion; the index of a bitmap, whose table was told.
        default: return nil
        }
    }

    private static func access(_ names: ArraySlice<Substring>, index: Substring?) -> Access? {
        guard let table = names.first else { return nil }
        var alias = names.dropFirst().first ?? table
        // A table that stands in a statement twice is called `users` and `users_1`.
        if let number = alias.removing("\(table)_"), number.allSatisfy(\.isNumber) { alias = table }
        return Access(table: String(table), alias: String(alias), index: index.map(String.init))
    }
}

extension PostgreSQLPlan {
    /// How the plan differs from what a statement declares.
    func problems(of definition: StatementDefinition) -> [PlanViolation.Problem] {
        let undeclared = accesses.filter { access in
            !definition.plan.contains { access.meets($0, in: definition) }
        }
        let sorting = sorts && !definition.plan.contains { $0.kind == .temporaryTree }
        let unmet = definition.plan.filter { expectation in
            !isElsewhere(expectation, definition) && !accesses.contains { $0.meets(expectation, in: definition) }
        }
        var problems = undeclared.map { access in
            PlanViolation.Problem.undeclared("\(access.index ?? "every row") of \(access.alias) \(access.condition)")
        }
        if sorting { problems.append(.undeclared("Sort")) }
        return problems + unmet.map(PlanViolation.Problem.unmet)
    }

    /// What is no access of this plan: the rows of others that end with a row are found by triggers, which are not explained;
    /// and where the index gives the order nothing is sorted.
    private func isElsewhere(_ expectation: PlanExpectation, _ definition: StatementDefinition) -> Bool {
        switch expectation.kind {
        case .search(let table, _, _), .scan(let table, _):
            !definition.names(table)
        case .temporaryTree: true
        }
    }
}

extension PostgreSQLPlan.Access {
    fileprivate func meets(_ expectation: PlanExpectation, in definition: StatementDefinition) -> Bool {
        switch expectation.kind {
        // Without a condition the whole index is read.
        case .search where condition.isEmpty: false
        case .search(let wanted, .primaryKey, let terms):
            // An index that ends with the id finds as well who is asked for by it.
            alias == wanted && (index == "\(table)_pkey" || index != nil && isNarrowed(by: "id", in: definition))
                && isNarrowed(by: terms, in: definition)
        case .search(let wanted, .named(let name), let terms):
            // Where two indexes narrow the search alike, as they do in a small table, either will do.
            alias == wanted && index != nil && (index == name || terms != nil) && isNarrowed(by: terms, in: definition)
        case .scan(let wanted, _): alias == wanted
        case .temporaryTree: false
        }
    }

    /// Whether each column of the terms stands in the condition of the index, and not in a filter behind it; of a row value
    /// the first one, by which it is found where a place begins.
    private func isNarrowed(by terms: String?, in definition: StatementDefinition) -> Bool {
        guard let terms else { return true }
        let columns = terms.split(separator: " AND ").compactMap { term in term.split { !$0.isWord }.first }
        return columns.allSatisfy { column in
            condition.split { !$0.isWord }.contains(column)
                // SQLite tells this as a comparison; here it is what makes a row stand in the index at all.
                || definition.postgreSQL.contains("\(column) IS NOT NULL")
        }
    }
}

extension StatementDefinition {
    fileprivate func names(_ table: String) -> Bool {
        postgreSQL.split { !$0.isWord }.contains { $0 == table }
    }
}

extension Character {
    fileprivate var isWord: Bool { isLetter || isNumber || self == "_" }
}

extension String {
    /// Without blanks and the arrow of a node in front.
    fileprivate func trimmed() -> Substring { drop { $0 == " " || $0 == "-" || $0 == ">" } }
}

extension Substring {
    fileprivate func removing(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
