/// The id of an API key.
package struct APIKeyID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier itself.
    package let uuid: UUID

    /// Takes an identifier that is known to be that of a key.
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Makes the id of a key that is made at `instant`.
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

    package static func < (left: APIKeyID, right: APIKeyID) -> Bool {
        left.uuid < right.uuid
    }
}
