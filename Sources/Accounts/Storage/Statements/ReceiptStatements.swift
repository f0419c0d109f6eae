internal import Database

/// The statements about receipts.
enum ReceiptStatements {
    static let all = [insert, findByRequest, findByClient, deleteExpired]

    static let insert = StatementDefinition(
        "receipts.insert",
        writes: ["receipts"],
        sql: """
            INSERT INTO receipts (request, client, fingerprint, status, answer, changes, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
    )

    /// Every change asks for it, twice: before it is decided who calls, and in its transaction.
    static let findByRequest = StatementDefinition(
        "receipts.find_by_request",
        reads: ["receipts"],
        plan: [.search("receipts", using: "receipts_request", on: "request=?")],
        sql: "SELECT request, status, answer, changes FROM receipts WHERE request = ?1"
    )

    static let findByClient = StatementDefinition(
        "receipts.find_by_client",
        reads: ["receipts"],
        plan: [.search("receipts", using: "receipts_client", on: "client=?")],
        sql: "SELECT request, status, answer, changes, fingerprint FROM receipts WHERE client = ?1"
    )

    static let deleteExpired = StatementDefinition(
        "receipts.delete_expired",
        writes: ["receipts"],
        plan: [
            .search("receipts", using: .primaryKey),
            .search("receipts", using: "receipts_expires_at", on: "expires_at<?"),
        ],
        sql: """
            DELETE FROM receipts
            WHERE id IN (SELECT id FROM receipts WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
            """
    )
}
