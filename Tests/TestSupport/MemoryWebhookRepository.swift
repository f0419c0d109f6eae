import Domain

/// The webhooks of a store in memory.
struct MemoryWebhookRepository: WebhookRepository {
    let transaction: MemoryTransaction

    func insert(_ webhook: Webhook, sealedSecret: [UInt8]) throws {
        transaction.state.webhooks[webhook.id] = .init(webhook: webhook, sealedSecret: sealedSecret)
    }

    func list() throws -> [Webhook] {
        transaction.state.webhooks.values.map(\.webhook).sorted { $0.id < $1.id }
    }

    func find(_ id: WebhookID) throws -> (webhook: Webhook, sealedSecret: [UInt8])? {
        transaction.state.webhooks[id].map { ($0.webhook, $0.sealedSecret) }
    }

    func update(_ webhook: Webhook) throws -> Bool {
        guard transaction.state.webhooks[webhook.id] != nil else { return false }
        transaction.state.webhooks[webhook.id]?.webhook = webhook
        return true
    }

    func delete(_ id: WebhookID) throws -> Bool {
        transaction.state.webhooks.removeValue(forKey: id) != nil
    }

    func record(_ deliveries: [WebhookDelivery], of id: WebhookID) throws {
        transaction.state.webhooks[id]?.deliveries += deliveries
    }

    func deliveries(of id: WebhookID, limit: Int) throws -> [WebhookDelivery] {
        Array((transaction.state.webhooks[id]?.deliveries ?? []).reversed().prefix(limit))
    }

    func deleteDeliveries(before instant: Timestamp, limit: Int) throws -> Int {
        var deleted = 0
        for id in transaction.state.webhooks.keys {
            transaction.state.webhooks[id]?.deliveries.removeAll { delivery in
                guard delivery.instant < instant, deleted < limit else { return false }
                deleted += 1
                return true
            }
        }
        return deleted
    }
}
