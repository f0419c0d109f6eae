internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of webhooks.
struct WebhookHandlers {
    let webhooks: WebhookService

    /// Makes a webhook; its secret is shown this once.
    func create(_ call: Call, by caller: Principal) throws -> Response {
        let url = try call.body.value(of: WebhookBody.url)
        let answering = call.answering { (issued: IssuedWebhook) in
            var response = Response.data(issued, as: IssuedWebhook.representation, status: .created)
            response.add("Location", "/api/v1/webhooks/\(issued.webhook.id)")
            response.add("Cache-Control", "no-store")
            return response
        }
        return try webhooks.create(url, by: caller, answering: answering)
    }

    /// All webhooks.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        Response.wholeList(try webhooks.list(by: caller), limit: Webhook.most, path: "/api/v1/webhooks") {
            Webhook.representation.write($0, to: &$1)
        }
    }

    /// One webhook, with how far it is.
    func read(_ call: Call, by caller: Principal) throws -> Response {
        Response.data(try webhooks.read(try call.webhookID, by: caller), as: WatchedWebhook.representation).privately()
    }

    /// Changes a webhook.
    func update(_ call: Call, by caller: Principal) throws -> Response {
        try webhooks.update(
            try call.webhookID,
            url: call.body[WebhookBody.url],
            status: call.body[WebhookBody.status],
            by: caller,
            answering: call.answering { Response.data($0, as: Webhook.representation).privately() }
        )
    }

    /// Deletes a webhook.
    func delete(_ call: Call, by caller: Principal) throws -> Response {
        try webhooks.delete(try call.webhookID, by: caller, answering: call.answering { Response(.noContent) })
    }

    /// The last tries.
    func deliveries(_ call: Call, by caller: Principal) throws -> Response {
        let id = try call.webhookID
        let deliveries = try webhooks.deliveries(of: id, limit: WebhookService.shown, by: caller)
        return Response.wholeList(deliveries, limit: WebhookService.shown, path: "/api/v1/webhooks/\(id)/deliveries") {
            WebhookDelivery.representation.write($0, to: &$1)
        }
    }

    /// What was given up.
    func deadLetters(_ call: Call, by caller: Principal) throws -> Response {
        let id = try call.webhookID
        let letters = try webhooks.deadLetters(of: id, limit: WebhookService.shown, by: caller)
        return Response.wholeList(letters, limit: WebhookService.shown, path: "/api/v1/webhooks/\(id)/dead-letters") {
            DeadLetter.representation.write($0, to: &$1)
        }
    }

    /// Has what was given up sent again.
    func replay(_ call: Call, by caller: Principal) throws -> Response {
        let answering = call.answering { (count: Int) in
            Response.data(count, as: Self.replayed).privately()
        }
        return try webhooks.replay(try call.webhookID, by: caller, answering: answering)
    }

    /// How many are sent again.
    static let replayed = Representation<Int>(
        "Replay",
        [.count("replayed", "How many dead letters are sent again.", example: 3) { $0 }]
    )
}

extension Call {
    /// The webhook whose id stands in the path.
    ///
    /// Throws `notFound`.
    fileprivate var webhookID: WebhookID {
        get throws { try path.identifier() }
    }
}
