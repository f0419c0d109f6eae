internal import Domain
internal import HTTPPipeline
internal import JSON

/// The members of a webhook in bodies.
enum WebhookBody {
    static let url = Member<WebhookURL>(
        "url",
        .string(length: 1...WebhookURL.longest, format: "uri"),
        convert: UserBody.parsed(WebhookURL.init(_:))
    ).documented("Where events are sent to, by https.", example: "https://receiver.example/events")

    static let status = Member<Webhook.Status>(
        "status",
        .choice(Webhook.Status.allCases.map(\.rawValue)),
        convert: UserBody.chosen(Webhook.Status.init(rawValue:))
    ).documented("Whether events are sent; they wait while it is `disabled`.", example: "active")

    /// POST.
    static let creation = ObjectSchema("NewWebhook", [.required(url)])

    /// PATCH (RFC 7396).
    static let changes = ObjectSchema(
        "WebhookChanges",
        [.optional(url), .optional(status)],
        mediaTypes: ["application/merge-patch+json", "application/json"]
    )
}
