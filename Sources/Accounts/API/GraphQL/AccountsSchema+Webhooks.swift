internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

extension AccountsSchema {
    /// Adds where events are sent to, for administrators.
    static func addWebhookQueries(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        let shown = FieldCost(own: 1, assumedSize: WebhookService.shown)
        type.objects(
            "webhooks",
            "[Webhook!]",
            description: "All webhooks, the oldest first; for administrators.",
            cost: FieldCost(own: 1, assumedSize: Webhook.most)
        ) { _, _, context in
            [.values(try context.services.webhooks.list(by: try context.signedIn()))]
        }
        type.objects(
            "webhook",
            "WatchedWebhook",
            description: "One webhook, and how far it is; for administrators.",
            arguments: [webhookID],
            cost: .read
        ) { _, arguments, context in
            let caller = try context.administrator()
            return [.value(try context.services.webhooks.read(try arguments.webhookID(), by: caller))]
        }
        type.objects(
            "webhookDeliveries",
            "[WebhookDelivery!]",
            description: "The last hundred tries to send something to a webhook, the newest first; for administrators.",
            arguments: [webhookID],
            cost: shown
        ) { _, arguments, context in
            let (caller, id) = (try context.administrator(), try arguments.webhookID())
            let tries = try context.services.webhooks.deliveries(of: id, limit: WebhookService.shown, by: caller)
            return [.values(tries)]
        }
        type.objects(
            "webhookDeadLetters",
            "[DeadLetter!]",
            description: "The first hundred events that a webhook did not take, the oldest first; for administrators.",
            arguments: [webhookID],
            cost: shown
        ) { _, arguments, context in
            let (caller, id) = (try context.administrator(), try arguments.webhookID())
            let letters = try context.services.webhooks.deadLetters(of: id, limit: WebhookService.shown, by: caller)
            return [.values(letters)]
        }
    }

    /// Adds what can be done with them.
    static func addWebhookChanges(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "createWebhook",
            "NewWebhookPayload",
            description: "Makes a webhook, to which is sent what happens from now on; for administrators.",
            taking: WebhookBody.creation
        ) { members, _, context in
            let (url, caller) = (try members.value(of: WebhookBody.url), try context.signedIn())
            return try context.changes.make(MadeWebhook.init) {
                try context.services.webhooks.create(url, by: caller, answering: $0)
            }
        }
        type.change(
            "updateWebhook",
            "WebhookPayload",
            description: "Changes a webhook; events wait while it is disabled. For administrators.",
            arguments: [webhookID],
            taking: WebhookBody.changes
        ) { members, arguments, context in
            let (caller, id) = (try context.administrator(), try arguments.webhookID())
            return try context.changes.make({ (webhook: Webhook) in webhook }) {
                try context.services.webhooks.update(
                    id,
                    url: members[WebhookBody.url],
                    status: members[WebhookBody.status],
                    by: caller,
                    answering: $0
                )
            }
        }
        type.change(
            "deleteWebhook",
            "EndedPayload",
            description: "Deletes a webhook, with what it has not been sent yet; for administrators.",
            arguments: [webhookID]
        ) { arguments, context in
            let (caller, id) = (try context.administrator(), try arguments.webhookID())
            return try context.changes.make({ Ended(id.uuid) }) {
                try context.services.webhooks.delete(id, by: caller, answering: $0)
            }
        }
        type.change(
            "replayWebhookDeadLetters",
            "ReplayPayload",
            description: "Has sent again what a webhook did not take, a thousand at most; for administrators.",
            arguments: [webhookID]
        ) { arguments, context in
            let (caller, id) = (try context.administrator(), try arguments.webhookID())
            return try context.changes.make(Replayed.init) {
                try context.services.webhooks.replay(id, by: caller, answering: $0)
            }
        }
    }

    /// Adds what these take and give.
    static func addWebhooks(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.input(WebhookBody.creation)
        builder.input(WebhookBody.changes)
        builder.object("Webhook", of: Webhook.self, description: "Where events are sent to.") {
            $0.attributes(of: Webhook.representation)
        }
        builder.object("WatchedWebhook", of: WatchedWebhook.self, description: "A webhook, and how far it is.") {
            $0.attributes(of: WatchedWebhook.representation)
        }
        builder.object("WebhookDelivery", of: WebhookDelivery.self, description: "A try to send an event.") {
            $0.attributes(of: WebhookDelivery.representation)
        }
        builder.object("DeadLetter", of: DeadLetter.self, description: "An event that was given up.") {
            $0.attributes(of: DeadLetter.representation)
        }
        builder.object("WebhookPayload", of: Webhook.self, description: "A webhook that was changed.") { type in
            type.object("webhook", "Webhook!") { .value($0) }
        }
        builder.object("NewWebhookPayload", of: MadeWebhook.self, description: "A webhook that was made.") { type in
            type.object("webhook", "Webhook!") { .value($0.webhook) }
            type.value(
                "secret",
                "String!",
                description: "Signs every message (Standard Webhooks); shown this once."
            ) { .string($0.secret.text) }
        }
        builder.object("ReplayPayload", of: Replayed.self, description: "What is sent again.") {
            $0.attributes(of: WebhookHandlers.replayed) { $0.count }
        }
    }

    private static let webhookID = InputValueDefinition("id", "ID!", description: "The webhook.")
}

/// A webhook that was just made, with what signs its messages.
struct MadeWebhook: KeptResult {
    let webhook: Webhook
    let secret: WebhookSecret

    init(_ issued: IssuedWebhook) {
        webhook = issued.webhook
        secret = issued.secret
    }

    var kept: JSONValue {
        ["webhook": webhook.kept, "secret": .array(secret.bytes.map { .integer(Int64($0)) })]
    }

    init?(kept: JSONValue) {
        guard let webhook = kept["webhook"].flatMap({ Webhook(kept: $0) }), let elements = kept["secret"]?.elements
        else { return nil }
        let bytes = elements.compactMap { $0.integer.flatMap(UInt8.init(exactly:)) }
        guard !bytes.isEmpty, bytes.count == elements.count else { return nil }
        self.webhook = webhook
        self.secret = WebhookSecret(bytes: bytes)
    }
}

/// How many dead letters are sent again.
struct Replayed: KeptResult {
    let count: Int

    init(_ count: Int) { self.count = count }

    var kept: JSONValue { .integer(Int64(count)) }

    init?(kept: JSONValue) {
        guard let count = kept.integer else { return nil }
        self.init(Int(count))
    }
}

extension Webhook: KeptResult {
    var kept: JSONValue {
        [
            "id": .string("\(id)"), "url": .string(url.text), "status": .string(status.rawValue),
            "created_at": .integer(createdAt.microseconds), "updated_at": .integer(updatedAt.microseconds),
        ]
    }

    init?(kept: JSONValue) {
        guard let id = kept.text("id").flatMap({ WebhookID($0) }), let url = kept.text("url"),
            let status = kept.text("status").flatMap(Webhook.Status.init(rawValue:)),
            let createdAt = kept.instant("created_at"), let updatedAt = kept.instant("updated_at")
        else { return nil }
        self.init(
            id: id,
            url: WebhookURL(stored: url),
            status: status,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}

extension Arguments {
    /// The webhook that the argument `id` names.
    fileprivate func webhookID() throws -> WebhookID { try identifier() }
}
