internal import Domain
internal import HTTPPipeline
internal import OpenAPI
internal import Services

/// What the routes of webhooks take and answer.
extension Contract {
    static let createWebhook = Contract("createWebhook", .webhooks, "Make a webhook")
        .telling("What happens from now on is sent there. Its secret is shown this once.")
        .taking(body: .of(WebhookBody.creation))
        .answering(.created, "The new webhook.", .one(IssuedWebhook.representation), .location, .cacheControl)
        .refusing(
            .conflict,
            "There are no more than \(Webhook.most) webhooks. Delete one first.",
            "There are as many as there may be: `CONFLICT`."
        )

    static let listWebhooks = Contract("listWebhooks", .webhooks, "List webhooks")
        .telling("All of them, the oldest first, on one page.")
        .answering(.ok, "The webhooks.", .all(Webhook.representation), .link, .cacheControl, .vary)

    static let readWebhook = Contract("readWebhook", .webhooks, "Read a webhook, and how far it is")
        .answering(.ok, "The webhook.", .one(WatchedWebhook.representation), .cacheControl, .vary)

    static let updateWebhook = Contract("updateWebhook", .webhooks, "Change a webhook")
        .telling("Events wait while it is disabled, and are sent when it is active again.")
        .taking(body: .of(WebhookBody.changes, showing: ["status"]))
        .answering(.ok, "The webhook as it is now.", .one(Webhook.representation), .cacheControl, .vary)

    static let deleteWebhook = Contract("deleteWebhook", .webhooks, "Delete a webhook")
        .answering(.noContent, "Nothing is sent there any more, and what waited is forgotten.")

    static let listDeliveries = Contract("listWebhookDeliveries", .webhooks, "List what was sent to a webhook")
        .telling("The last hundred tries, the newest first; they are kept for thirty days.")
        .answering(.ok, "The tries.", .all(WebhookDelivery.representation), .link, .cacheControl, .vary)

    static let listDeadLetters = Contract("listWebhookDeadLetters", .webhooks, "List what a webhook did not take")
        .telling("The first hundred events that were given up after a day, the oldest first.")
        .answering(.ok, "The events.", .all(DeadLetter.representation), .link, .cacheControl, .vary)

    static let replayDeadLetters = Contract("replayWebhookDeadLetters", .webhooks, "Send again what was given up")
        .telling("A thousand at most. Events that came later may have been sent before.")
        .answering(.ok, "How many.", .one(WebhookHandlers.replayed), .cacheControl, .vary)
}
