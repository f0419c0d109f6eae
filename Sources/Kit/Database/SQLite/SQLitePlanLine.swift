/// A line of SQLite's EXPLAIN QUERY PLAN, taken apart.
///
/// The forms are those of 3.40.1 (`sqlite3WhereExplainOneScan` in wherecode.c,
/// "USE TEMP B-TREE" in select.c). SQLite does not promise them, and that is no
/// harm: a changed form fails the checks of a build, never a running service.
enum SQLitePlanLine: Equatable {
    case search(table: String, index: PlanIndex, terms: String)
    case scan(table: String, index: PlanIndex?)
    /// SQLite builds an index for this one run, since none fits.
    case automaticIndex(table: String)
    case temporaryTree
    /// Structure without cost of its own, such as "SCALAR SUBQUERY 1".
    case structure

    init(_ detail: String) {
        var words = detail.split(separator: " ")[...]
        if detail.contains("USE TEMP B-TREE") || detail.contains("USING TEMP B-TREE") {
            self = .temporaryTree
            return
        }
        guard let verb = words.popFirst(), verb == "SEARCH" || verb == "SCAN", let name = words.popFirst() else {
            self = .structure
            return
        }
        let table = String(name)
        if words.contains("AUTOMATIC") {
            self = .automaticIndex(table: table)
            return
        }
        if verb == "SCAN", name == "CONSTANT" || words.first == "CONSTANT" {
            self = .structure
            return
        }
        let index = Self.index(in: words)
        self =
            if verb == "SEARCH", let index {
                .search(table: table, index: index, terms: Self.terms(in: detail))
            } else {
                // A SEARCH without an index is the first or last row for min()
                // or max() in a table's own order: an access by primary key.
                verb == "SEARCH"
                    ? .search(table: table, index: .primaryKey, terms: "")
                    : .scan(table: table, index: index)
            }
    }

    private static func index(in words: ArraySlice<Substring>) -> PlanIndex? {
        guard words.first == "USING" else { return nil }
        if words.starts(with: ["USING", "INTEGER", "PRIMARY", "KEY"])
            || words.starts(with: ["USING", "PRIMARY", "KEY"])
        {
            return .primaryKey
        }
        guard let position = words.firstIndex(of: "INDEX"), position + 1 < words.endIndex else { return nil }
        return .named(String(words[position + 1]))
    }

    private static func terms(in detail: String) -> String {
        guard let opening = detail.firstIndex(of: "("), let closing = detail.lastIndex(of: ")") else { return "" }
        return String(detail[detail.index(after: opening)..<closing])
    }

    func meets(_ expectation: PlanExpectation) -> Bool {
        switch (self, expectation.kind) {
        case (.search(let table, let index, let terms), .search(let wantedTable, let wantedIndex, let wantedTerms)):
            table == wantedTable && index == wantedIndex && (wantedTerms == nil || wantedTerms == terms)
        case (.scan(let table, let index), .scan(let wantedTable, let wantedIndex)):
            table == wantedTable && index == wantedIndex
        case (.temporaryTree, .temporaryTree):
            true
        default:
            false
        }
    }
}
