package import Domain
internal import HTTPPipeline
package import JSON
package import Services

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

    /// A webhook without its secret.
    package static func write(_ webhook: Webhook, to writer: inout JSONWriter) {
        Webhook.representation.write(webhook, to: &writer)
    }

    /// A webhook with how far it is.
    package static func write(_ webhook: WatchedWebhook, to writer: inout JSONWriter) {
        WatchedWebhook.representation.write(webhook, to: &writer)
    }

    /// A try to send an event to a webhook.
    package static func write(_ delivery: WebhookDelivery, to writer: inout JSONWriter) {
        WebhookDelivery.representation.write(delivery, to: &writer)
    }

    /// An event that was given up.
    package static func write(_ letter: DeadLetter, to writer: inout JSONWriter) {
        DeadLetter.representation.write(letter, to: &writer)
    }

    /// The orders of the list of users by the names that the API has for them.
    package static var userSorts: [(name: String, sort: UserSort)] { UserSort.names }
}
