/// The id of a user.
package struct UserID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier itself.
    package let uuid: UUID

    /// Takes an identifier that is known to be that of a user.
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Makes the id of a user that is created at `instant`.
    package init(at instant: Timestamp, from random: any RandomSource) {
        uuid = UUID(at: instant, from: random)
    }

    /// Reads the hyphenated text form in either case, or gives nil.
    package init?(_ text: some StringProtocol) {
        guard let uuid = UUID(text) else { return nil }
        self.uuid = uuid
    }

    /// The lower-case text form.
    package var description: String { uuid.description }

    package static func < (left: UserID, right: UserID) -> Bool {
        left.uuid < right.uuid
    }
}
