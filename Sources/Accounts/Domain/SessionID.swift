/// The id of a session.
package struct SessionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier itself.
    package let uuid: UUID

    /// Takes an identifier that is known to be that of a session.
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Makes the id of a session that begins at `instant`.
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

    package static func < (left: SessionID, right: SessionID) -> Bool {
        left.uuid < right.uuid
    }
}
