internal import Base64
package import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

extension Webhook {
    /// How the API shows a webhook: without its secret.
    static let representation = Representation<Webhook>(
        "Webhook",
        [
            .uuid("id", example: Example.id) { $0.id.description },
            .string(WebhookBody.url) { $0.url.text },
            .string(WebhookBody.status) { $0.status.rawValue },
            .timestamp("created_at", "When it was made.", example: Example.instant) { $0.createdAt.microseconds },
            .timestamp("updated_at", "When it was changed last.", example: Example.instant) {
                $0.updatedAt.microseconds
            },
        ]
    )
}

extension IssuedWebhook {
    /// How the API shows a webhook that has just been made: this once with its secret.
    static let representation = Representation<IssuedWebhook>(
        "IssuedWebhook",
        shown.prefix(1)
            + [
                .string(
                    "secret",
                    .string(length: 50...50),
                    "Signs every message (Standard Webhooks); shown this once.",
                    example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                ) { $0.secret.text }
            ] + shown.dropFirst()
    )

    private static let shown: [Attribute<IssuedWebhook>] = Webhook.representation.attributes { $0.webhook }
}

extension WatchedWebhook {
    /// How the API shows a webhook with how far it is.
    static let representation = Representation<WatchedWebhook>(
        "WatchedWebhook",
        Webhook.representation.attributes { $0.webhook } + [
            .count("behind", "How many events it has not come to yet.", example: 0) { $0.state.behind },
            .count("waiting", "How many were refused and are tried again.", example: 0) { $0.state.waiting },
            .count("dead_letters", "How many were given up.", example: 0) { $0.state.givenUp },
            .timestamp(nullable: "failing_since", "Since when it cannot be reached; null while it can.", example: .null)
            {
                $0.state.failingSince?.microseconds
            },
            .string("reason", .string(length: 0...1000), "Why; empty while it can.", example: "") { $0.state.reason },
        ]
    )
}

extension WebhookSecret {
    /// The form in which receivers take it (Standard Webhooks): `whsec_` and the bytes in base64.
    package var text: String { "whsec_\(Base64.encode(bytes))" }
}

extension WebhookDelivery {
    /// How the API shows a try to send an event.
    static let representation = Representation<WebhookDelivery>(
        "WebhookDelivery",
        [
            .uuid("event_id", "Which event.", example: Example.id) { $0.eventID.description },
            .string("type", .string(length: 1...100), "What happened.", example: "user.created.v1") { $0.type },
            .count("attempt", "Which try, from 1.", example: 1) { $0.attempt },
            .timestamp("attempted_at", "When.", example: Example.instant) { $0.instant.microseconds },
            Attribute(
                "status",
                .nullable(.integer(0...999)),
                "What the receiver answered; null where it did not.",
                example: 200
            ) { delivery, writer in
                guard let status = delivery.status else { return writer.null() }
                writer.integer(status)
            }.giving { $0.status.map { .integer(Int64($0)) } ?? .null },
            .count("duration_ms", "How long it took.", example: 12) { $0.microseconds / 1000 },
            .string("outcome", .choice(Outcome.allCases.map(\.rawValue)), "What became of it.", example: "delivered") {
                $0.outcome.rawValue
            },
            .string("reason", .string(length: 0...1000), "Why it was not taken.", example: "") { $0.reason },
        ]
    )
}

extension DeadLetter {
    /// How the API shows an event that was given up.
    static let representation = Representation<DeadLetter>(
        "DeadLetter",
        [
            .uuid("event_id", "Which event.", example: Example.id) { $0.eventID.description },
            .string("type", .string(length: 1...100), "What happened.", example: "user.created.v1") { $0.type },
            .count("attempts", "How often it was tried by itself.", example: 30) { $0.attempts },
            .timestamp("given_up_at", "When it was given up.", example: Example.laterInstant) {
                $0.givenUpAt.microseconds
            },
            .string("reason", .string(length: 0...1000), "Why.", example: "answered 500") { $0.reason },
        ]
    )
}
