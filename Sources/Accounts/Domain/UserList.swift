/// A list of users: which ones, and in which order.
///
/// Only a combination that an index serves can be made, so that no list walks over rows that are not its own: its users
/// are those of one stretch of the order, or, in the order of creation, those of them who have a role, a status or
/// both.
package struct UserList: Sendable {
    /// All users, the newest first.
    package static let newestFirst = UserList(criteria: UserCriteria(), sort: .newestFirst)

    /// What is asked of the users.
    package let criteria: UserCriteria

    /// The order.
    package let sort: UserSort

    /// Combines criteria with an order.
    ///
    /// An address finds one user at most and leaves no order to choose. Throws `unservedList` for a combination that no
    /// index serves.
    package init(_ criteria: UserCriteria, sortedBy sort: UserSort) throws(InvalidValue) {
        let concernsCreation =
            criteria.role != nil || criteria.status != nil
            || criteria.createdAfter != nil || criteria.createdBefore != nil
        switch (concernsCreation, criteria.email, criteria.emailPrefix, criteria.namePrefix, sort.key) {
        case (false, nil, nil, nil, _), (true, nil, nil, nil, .createdAt),
            (false, nil, .some, nil, .email), (false, nil, nil, .some, .name):
            self.init(criteria: criteria, sort: sort)
        case (false, .some, nil, nil, _):
            self.init(criteria: criteria, sort: UserSort(by: .email, descending: false))
        default:
            throw .unservedList
        }
    }

    private init(criteria: UserCriteria, sort: UserSort) {
        self.criteria = criteria
        self.sort = sort
    }

    /// The stretch of the order in which all users of the list stand.
    package var range: UserRange {
        if let email = criteria.email {
            let text = UserPosition.Value.text(email.folded)
            return UserRange(lower: UserPosition(text, .least), upper: UserPosition(text, .greatest))
        }
        if let prefix = criteria.emailPrefix ?? criteria.namePrefix {
            return UserRange(
                lower: UserPosition(.text(prefix.text), .least),
                upper: prefix.end.map { UserPosition(.text($0), .least) }
            )
        }
        // Both instants stay outside.
        return UserRange(
            lower: criteria.createdAfter.map { UserPosition(.instant($0), .greatest) },
            upper: criteria.createdBefore.map { UserPosition(.instant($0), .least) }
        )
    }
}
