package import Domain
package import JSON

/// The resources as the API shows them, for whoever shows them elsewhere than in an answer.
package enum ResourceDocument {
    /// A user.
    package static func write(_ user: User, to writer: inout JSONWriter) {
        user.write(to: &writer)
    }

    /// A session that the request did not come with.
    package static func write(_ session: Session, to writer: inout JSONWriter) {
        session.write(to: &writer, isCurrent: false)
    }

    /// A key without its token.
    package static func write(_ key: APIKey, to writer: inout JSONWriter) {
        key.write(to: &writer)
    }

    /// The orders of the list of users by the names that the API has for them.
    package static var userSorts: [(name: String, sort: UserSort)] { UserSort.names }
}
