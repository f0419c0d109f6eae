package import Domain
internal import HTTPPipeline
package import JSON

/// The resources as the API shows them, for whoever shows them elsewhere than in an answer.
package enum ResourceDocument {
    /// A user.
    package static func write(_ user: User, to writer: inout JSONWriter) {
        User.representation.write(user, to: &writer)
    }

    /// A session that the request did not come with.
    package static func write(_ session: Session, to writer: inout JSONWriter) {
        ShownSession.representation.write(ShownSession(session: session, isCurrent: false), to: &writer)
    }

    /// A key without its token.
    package static func write(_ key: APIKey, to writer: inout JSONWriter) {
        APIKey.representation.write(key, to: &writer)
    }

    /// An event as the audit has it.
    package static func write(_ record: AuditRecord, to writer: inout JSONWriter) {
        AuditRecord.representation.write(record, to: &writer)
    }

    /// The orders of the list of users by the names that the API has for them.
    package static var userSorts: [(name: String, sort: UserSort)] { UserSort.names }
}
