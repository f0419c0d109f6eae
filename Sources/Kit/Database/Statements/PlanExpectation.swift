/// One thing that the query plan of a statement must contain.
///
/// All of them together describe the whole plan: a table access that no
/// expectation covers is a violation, and so is an expectation that nothing
/// meets. A table that the statement gives an alias goes by its alias. Tables
/// that foreign keys make a change look into are part of its plan too.
public struct PlanExpectation: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case search(table: String, index: PlanIndex, terms: String?)
        case scan(table: String, index: PlanIndex?)
        case temporaryTree
    }

    let kind: Kind

    /// Why the expensive access is right, empty for a search.
    public let reason: String

    /// A table is searched by an index.
    ///
    /// - Parameters:
    ///   - table: The table, or its alias.
    ///   - index: The index that must be used.
    ///   - terms: The columns that must narrow the search, as SQLite writes
    ///     them: `email_folded=?` or `created_at<?`. Without it any will do, so
    ///     give it where an index has more than one column.
    /// - Returns: The expectation.
    public static func search(_ table: String, using index: PlanIndex, on terms: String? = nil) -> PlanExpectation {
        PlanExpectation(kind: .search(table: table, index: index, terms: terms), reason: "")
    }

    /// A table may be read from one end to the other.
    ///
    /// - Parameters:
    ///   - table: The table, its alias, or a table-valued function.
    ///   - index: The index along which it is read, or nil for the table itself.
    ///   - reason: Why that is right.
    /// - Returns: The expectation.
    public static func scan(
        _ table: String,
        along index: PlanIndex? = nil,
        because reason: String
    ) -> PlanExpectation {
        PlanExpectation(kind: .scan(table: table, index: index), reason: reason)
    }

    /// Rows may be sorted or grouped in a temporary tree.
    ///
    /// - Parameter reason: Why that is right.
    /// - Returns: The expectation.
    public static func temporaryTree(because reason: String) -> PlanExpectation {
        PlanExpectation(kind: .temporaryTree, reason: reason)
    }
}

/// What a table is searched by; a string literal names an index.
public enum PlanIndex: Hashable, Sendable, ExpressibleByStringLiteral {
    /// An INTEGER PRIMARY KEY, or the primary key of a table WITHOUT ROWID.
    ///
    /// Any other primary key is an index called `sqlite_autoindex_<table>_<n>`.
    case primaryKey
    /// The index of this name, whether or not it covers the query.
    case named(String)

    /// The index of this name.
    public init(stringLiteral value: String) {
        self = .named(value)
    }
}

extension PlanExpectation: CustomStringConvertible {
    /// The expectation in the words of a plan.
    public var description: String {
        switch kind {
        case .search(let table, let index, let terms):
            "SEARCH \(table) by \(index)" + (terms.map { " (\($0))" } ?? "")
        case .scan(let table, let index):
            "SCAN \(table)" + (index.map { " along \($0)" } ?? "")
        case .temporaryTree:
            "USE TEMP B-TREE"
        }
    }
}

extension PlanIndex: CustomStringConvertible {
    /// The name of the index.
    public var description: String {
        switch self {
        case .primaryKey: "primary key"
        case .named(let name): name
        }
    }
}
