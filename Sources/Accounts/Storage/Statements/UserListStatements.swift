internal import Database
internal import Domain

/// The statements that read and count lists of users.
///
/// All have one shape: a stretch of an order, between two places that do not belong to it, as row values. An index whose
/// tail is the id finds the first row of the stretch at once, wherever that lies, and no row is sorted. A role, a status
/// or both stand before the order in an index of their own.
enum UserListStatements {
    /// The statements of one kind of list.
    struct Kind {
        let key: UserSort.Key
        let hasRole: Bool
        let hasStatus: Bool
        let ascending: StatementDefinition
        let descending: StatementDefinition
        let count: StatementDefinition
    }

    static let all = kinds.flatMap { [$0.ascending, $0.descending, $0.count] }

    /// The statements that serve a list.
    static func statements(for list: UserList) throws -> Kind {
        let (hasRole, hasStatus) = (list.criteria.role != nil, list.criteria.status != nil)
        let kind = kinds.first { $0.key == list.sort.key && $0.hasRole == hasRole && $0.hasStatus == hasStatus }
        guard let kind else { throw StorageFault("no statement reads this list of users") }
        return kind
    }

    private static let kinds = [
        kind(.createdAt, "created_at", "users_created_at"),
        kind(.createdAt, "created_at", "users_role_created_at", hasRole: true),
        kind(.createdAt, "created_at", "users_status_created_at", hasStatus: true),
        kind(.createdAt, "created_at", "users_role_status_created_at", hasRole: true, hasStatus: true),
        kind(.updatedAt, "updated_at", "users_updated_at"),
        kind(.email, "email_folded", "users_email_folded"),
        kind(.name, "name_folded", "users_name_folded"),
    ]

    private static func kind(
        _ key: UserSort.Key,
        _ column: String,
        _ index: String,
        hasRole: Bool = false,
        hasStatus: Bool = false
    ) -> Kind {
        let filters = (hasRole ? ["role"] : []) + (hasStatus ? ["status"] : [])
        // Numbered as they come: the filters, both ends of the stretch, limit and offset.
        let last = filters.count
        let conditions =
            filters.enumerated().map { "\($1) = ?\($0 + 1)" }
            + ["(\(column), id) > (?\(last + 1), ?\(last + 2))", "(\(column), id) < (?\(last + 3), ?\(last + 4))"]
        let source = "FROM users WHERE \(conditions.joined(separator: " AND "))"
        let terms = filters.map { "\($0)=?" } + ["(\(column),id)>(?,?)", "(\(column),id)<(?,?)"]
        let plan: [PlanExpectation] = [
            .search("users", using: .named(index), on: terms.joined(separator: " AND "))
        ]

        func rows(_ direction: String) -> StatementDefinition {
            StatementDefinition(
                "\(index).\(direction.lowercased())",
                reads: ["users"],
                plan: plan,
                sql: """
                    SELECT \(UserStatements.columns) \(source)
                    ORDER BY \(column) \(direction), id \(direction) LIMIT ?\(last + 5) OFFSET ?\(last + 6)
                    """
            )
        }
        return Kind(
            key: key,
            hasRole: hasRole,
            hasStatus: hasStatus,
            ascending: rows("ASC"),
            descending: rows("DESC"),
            count: StatementDefinition(
                "\(index).count",
                reads: ["users"],
                isCacheable: true,
                plan: plan,
                sql: "SELECT count(*) \(source)"
            )
        )
    }
}

extension UserList {
    /// Whether every user is on the list.
    var isWhole: Bool {
        criteria.role == nil && criteria.status == nil && range.lower == nil && range.upper == nil
    }

    /// The filters and both ends of a stretch, in the order of the statements' parameters.
    func values(within range: UserRange) -> [DatabaseValue] {
        let filters = [criteria.role?.rawValue, criteria.status?.rawValue].compactMap(\.self).map(DatabaseValue.text)
        return filters + (range.lower?.values ?? lowest) + (range.upper?.values ?? highest)
    }

    private var lowest: [DatabaseValue] {
        switch sort.key {
        case .createdAt, .updatedAt: UserPosition(.instant(Timestamp(microseconds: .min)), .least).values
        case .email, .name: UserPosition(.text(""), .least).values
        }
    }

    private var highest: [DatabaseValue] {
        switch sort.key {
        case .createdAt, .updatedAt: UserPosition(.instant(Timestamp(microseconds: .max)), .greatest).values
        case .email, .name: UserPosition(.text(Self.behindAllTexts), .greatest).values
        }
    }

    /// Longer than any name, of the greatest scalar there is.
    private static let behindAllTexts = String(repeating: "\u{10FFFF}", count: PersonName.longest + 1)
}

extension UserPosition {
    fileprivate var values: [DatabaseValue] {
        switch value {
        case .instant(let instant): [instant.databaseValue, id.databaseValue]
        case .text(let text): [.text(text), id.databaseValue]
        }
    }
}
