/// The stored webhooks, as one transaction sees them.
///
/// Every method throws a fault of the store.
package protocol WebhookRepository {
    /// Stores a new one with its sealed secret.
    func insert(_ webhook: Webhook, sealedSecret: [UInt8]) throws

    /// All of them, the oldest first.
    func list() throws -> [Webhook]

    /// One with its sealed secret, or nil.
    func find(_ id: WebhookID) throws -> (webhook: Webhook, sealedSecret: [UInt8])?

    /// Stores what may change; false where there is none.
    func update(_ webhook: Webhook) throws -> Bool

    /// Deletes one, with its deliveries; false where there is none.
    func delete(_ id: WebhookID) throws -> Bool

    /// Writes tries down; not those of a webhook that has gone.
    func record(_ deliveries: [WebhookDelivery], of id: WebhookID) throws

    /// The last tries, the newest first.
    func deliveries(of id: WebhookID, limit: Int) throws -> [WebhookDelivery]

    /// Deletes at most so many of the tries from before an instant.
    ///
    /// - Returns: how many it has deleted.
    func deleteDeliveries(before instant: Timestamp, limit: Int) throws -> Int
}
