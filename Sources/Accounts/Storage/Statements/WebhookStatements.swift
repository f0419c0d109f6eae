internal import Database

/// The statements about webhooks and what was sent to them.
enum WebhookStatements {
    static let all = [insert, list, find, update, delete, record, deliveries, deleteDeliveries]

    static let insert = StatementDefinition(
        "webhooks.insert",
        writes: ["webhooks"],
        sql: """
            INSERT INTO webhooks (id, url, status, secret, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """
    )

    static let list = StatementDefinition(
        "webhooks.list",
        reads: ["webhooks"],
        plan: [.scan("webhooks", because: "there are twenty at most")],
        sql: "SELECT id, url, status, created_at, updated_at FROM webhooks ORDER BY id"
    )

    static let find = StatementDefinition(
        "webhooks.find",
        reads: ["webhooks"],
        plan: [.search("webhooks", using: .primaryKey)],
        sql: "SELECT id, url, status, created_at, updated_at, secret FROM webhooks WHERE id = ?1"
    )

    static let update = StatementDefinition(
        "webhooks.update",
        writes: ["webhooks"],
        plan: [.search("webhooks", using: .primaryKey)],
        sql: "UPDATE webhooks SET url = ?2, status = ?3, updated_at = ?4 WHERE id = ?1"
    )

    static let delete = StatementDefinition(
        "webhooks.delete",
        writes: ["webhooks", "webhook_deliveries"],
        plan: [
            .search("webhooks", using: .primaryKey),
            .search("webhook_deliveries", using: "webhook_deliveries_webhook_id", on: "webhook_id=?"),
        ],
        sql: "DELETE FROM webhooks WHERE id = ?1"
    )

    /// Both columns of the duration: the program before reads the old one (``DeliveryDuration``).
    static let record = StatementDefinition(
        "webhook_deliveries.record",
        reads: ["webhooks"],
        writes: ["webhook_deliveries"],
        plan: [.search("webhooks", using: .primaryKey)],
        sql: """
            INSERT INTO webhook_deliveries (
                webhook_id, sequence, event_id, type, attempt, attempted_at, status, milliseconds, duration_us, outcome,
                reason
            ) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM webhooks WHERE id = ?1
            """
    )

    static let deliveries = StatementDefinition(
        "webhook_deliveries.list",
        reads: ["webhook_deliveries"],
        plan: [.search("webhook_deliveries", using: "webhook_deliveries_webhook_id", on: "webhook_id=?")],
        sql: """
            SELECT sequence, event_id, type, attempt, attempted_at, status, coalesce(duration_us, milliseconds * 1000),
                outcome, reason
            FROM webhook_deliveries WHERE webhook_id = ?1 ORDER BY id DESC LIMIT ?2
            """
    )

    static let deleteDeliveries = StatementDefinition(
        "webhook_deliveries.delete_old",
        writes: ["webhook_deliveries"],
        plan: [
            .search("webhook_deliveries", using: .primaryKey),
            .search("webhook_deliveries", using: "webhook_deliveries_attempted_at", on: "attempted_at<?"),
        ],
        sql: """
            DELETE FROM webhook_deliveries WHERE id IN (
                SELECT id FROM webhook_deliveries WHERE attempted_at < ?1 ORDER BY attempted_at LIMIT ?2
            )
            """
    )
}
