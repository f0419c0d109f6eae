internal import Database
internal import Domain

/// Webhooks in a database, for the length of one transaction.
struct SQLWebhookRepository: WebhookRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func insert(_ webhook: Webhook, sealedSecret: [UInt8]) throws {
        try writing().execute(
            WebhookStatements.insert,
            webhook.id,
            webhook.url.text,
            webhook.status.rawValue,
            sealedSecret,
            webhook.createdAt,
            webhook.updatedAt
        )
    }

    func list() throws -> [Webhook] {
        try reader.rows(WebhookStatements.list) { try $0.webhook() }
    }

    func find(_ id: WebhookID) throws -> (webhook: Webhook, sealedSecret: [UInt8])? {
        try reader.row(WebhookStatements.find, id) { (try $0.webhook(), try $0.bytes(5)) }
    }

    func update(_ webhook: Webhook) throws -> Bool {
        try writing().execute(
            WebhookStatements.update,
            webhook.id,
            webhook.url.text,
            webhook.status.rawValue,
            webhook.updatedAt
        ) == 1
    }

    func delete(_ id: WebhookID) throws -> Bool {
        try writing().execute(WebhookStatements.delete, id) == 1
    }

    func record(_ deliveries: [WebhookDelivery], of id: WebhookID) throws {
        let transaction = try writing()
        for delivery in deliveries {
            try transaction.execute(
                WebhookStatements.record,
                id,
                delivery.sequence,
                delivery.eventID.databaseValue,
                delivery.type,
                delivery.attempt,
                delivery.instant,
                delivery.status,
                delivery.microseconds / 1000,
                delivery.microseconds,
                delivery.outcome.rawValue,
                delivery.reason
            )
        }
    }

    func deliveries(of id: WebhookID, limit: Int) throws -> [WebhookDelivery] {
        try reader.rows(WebhookStatements.deliveries, id, limit) { row in
            guard let outcome = WebhookDelivery.Outcome(rawValue: try row.string(7)) else {
                throw StorageFault("a delivery has an unknown outcome")
            }
            return WebhookDelivery(
                sequence: try row.int64(0),
                eventID: try row.uuid(1),
                type: try row.string(2),
                attempt: try row.int(3),
                instant: try row.timestamp(4),
                status: try row.optionalInt(5),
                microseconds: try row.int(6),
                outcome: outcome,
                reason: try row.string(8)
            )
        }
    }

    func deleteDeliveries(before instant: Timestamp, limit: Int) throws -> Int {
        try writing().execute(WebhookStatements.deleteDeliveries, instant, limit)
    }
}

extension Row {
    fileprivate func webhook() throws -> Webhook {
        guard let status = Webhook.Status(rawValue: try string(2)) else {
            throw StorageFault("a webhook has an unknown status")
        }
        return Webhook(
            id: WebhookID(try uuid(0)),
            url: WebhookURL(stored: try string(1)),
            status: status,
            createdAt: try timestamp(3),
            updatedAt: try timestamp(4)
        )
    }
}
