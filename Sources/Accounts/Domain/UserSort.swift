/// The order of a list of users.
///
/// Rows that are alike stand in the order of their ids, in the same direction.
package struct UserSort: Hashable, Sendable {
    /// What users are sorted by.
    package enum Key: Hashable, CaseIterable, Sendable {
        /// When the account was made.
        case createdAt
        /// When the account was last changed.
        case updatedAt
        /// The bytes of the folded address.
        case email
        /// The bytes of the folded name.
        case name
    }

    /// The order where nobody says otherwise: the newest first.
    package static let newestFirst = UserSort(by: .createdAt, descending: true)

    /// What users are sorted by.
    package let key: Key

    /// Whether the greatest comes first.
    package let descending: Bool

    /// Names a key and a direction.
    package init(by key: Key, descending: Bool) {
        self.key = key
        self.descending = descending
    }
}
