internal import Database

/// The statements about what is confirmed by mail.
enum ConfirmationStatements {
    static let all = [
        insert, find, findByToken, confirm, deleteOfUser, deleteToAddress, deleteExpired, setVerified, verified,
    ]

    private static let columns = "id, purpose, user_id, email, partner_id, created_at, expires_at, confirmed_at"

    static let insert = StatementDefinition(
        "confirmations.insert",
        writes: ["confirmations"],
        sql: """
            INSERT INTO confirmations (
                id, purpose, user_id, email, email_folded, partner_id, token_digest, created_at, expires_at, confirmed_at
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """
    )

    static let find = StatementDefinition(
        "confirmations.find",
        reads: ["confirmations"],
        plan: [.search("confirmations", using: .primaryKey)],
        sql: "SELECT \(columns), token_digest FROM confirmations WHERE id = ?1"
    )

    static let findByToken = StatementDefinition(
        "confirmations.find_by_token",
        reads: ["confirmations"],
        plan: [.search("confirmations", using: "confirmations_token_digest", on: "token_digest=?")],
        sql: "SELECT \(columns) FROM confirmations WHERE token_digest = ?1"
    )

    static let confirm = StatementDefinition(
        "confirmations.confirm",
        writes: ["confirmations"],
        plan: [.search("confirmations", using: .primaryKey)],
        sql: "UPDATE confirmations SET confirmed_at = ?2 WHERE id = ?1"
    )

    static let deleteOfUser = StatementDefinition(
        "confirmations.delete_of_user",
        writes: ["confirmations"],
        plan: [.search("confirmations", using: "confirmations_user_id", on: "user_id=?")],
        sql: "DELETE FROM confirmations WHERE user_id = ?1 AND purpose = ?2"
    )

    static let deleteToAddress = StatementDefinition(
        "confirmations.delete_to_address",
        writes: ["confirmations"],
        plan: [.search("confirmations", using: "confirmations_email_folded", on: "email_folded=?")],
        sql: "DELETE FROM confirmations WHERE email_folded = ?1 AND purpose = ?2"
    )

    static let deleteExpired = StatementDefinition(
        "confirmations.delete_expired",
        writes: ["confirmations"],
        plan: [
            .search("confirmations", using: .primaryKey),
            .search("confirmations", using: "confirmations_expires_at", on: "expires_at<?"),
        ],
        sql: """
            DELETE FROM confirmations
            WHERE id IN (SELECT id FROM confirmations WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
            """
    )

    static let setVerified = StatementDefinition(
        "verified_addresses.set",
        writes: ["verified_addresses"],
        sql: """
            INSERT INTO verified_addresses (user_id, email_folded, verified_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (user_id) DO UPDATE SET email_folded = ?2, verified_at = ?3
            """
    )

    static let verified = StatementDefinition(
        "verified_addresses.find",
        reads: ["verified_addresses"],
        plan: [.search("verified_addresses", using: .primaryKey)],
        sql: "SELECT verified_at FROM verified_addresses WHERE user_id = ?1 AND email_folded = ?2"
    )
}
