/// The id of an `Entity`, as a type of its own: the id of a session is never taken for that of a user.
package struct Identifier<Entity>: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The identifier itself.
    package let uuid: UUID

    /// Takes an identifier that is known to be that of an `Entity`.
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Makes the id of something that begins at `instant`.
    package init(at instant: Timestamp, from random: any RandomSource) {
        uuid = UUID(at: instant, from: random)
    }

    /// Reads the hyphenated text form in either case, or gives nil.
    package init?(_ text: String) {
        guard let uuid = UUID(text) else { return nil }
        self.uuid = uuid
    }

    /// The lower-case text form.
    package var description: String { uuid.description }

    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.uuid < right.uuid
    }
}

/// The id of a user.
package typealias UserID = Identifier<User>

/// The id of a session.
package typealias SessionID = Identifier<Session>

/// The id of something to be confirmed.
package typealias ConfirmationID = Identifier<Confirmation>

/// The id of an API key.
package typealias APIKeyID = Identifier<APIKey>
