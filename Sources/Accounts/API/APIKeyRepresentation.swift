internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

extension APIKey {
    /// How the API shows a key: without what proves it.
    static let representation = Representation<APIKey>(
        "APIKey",
        [
            .uuid("id", example: Example.otherID) { $0.id.description },
            .string(APIKeyBody.name) { $0.name.text },
            .string(APIKeyBody.access) { $0.access.rawValue },
            .timestamp("created_at", "When it was made.", example: Example.instant) { $0.createdAt.microseconds },
            .timestamp(
                nullable: "last_used_at",
                "When it was used last; true within five minutes; null where it never was.",
                example: .null
            ) { $0.lastUsedAt?.microseconds },
            .timestamp(
                nullable: "expires_at",
                "When it ends; null where it does not.",
                example: "2027-01-01T00:00:00.000000Z"
            ) {
                $0.expiresAt?.microseconds
            },
        ]
    )
}

extension IssuedAPIKey {
    /// How the API shows a key that has just been made: this once with what proves it.
    static let representation = Representation<IssuedAPIKey>(
        "NewAPIKey",
        shown.prefix(1)
            + [
                .string(
                    "key",
                    .string(length: 48...48),
                    "Proves the key; shown this once.",
                    example: "gh_k_Tb0ttYEOjCoHOdcf3iFBJ5ErR9qYZkAfsd3iqzmfwrM"
                ) { $0.token.text }
            ] + shown.dropFirst()
    )

    private static let shown: [Attribute<IssuedAPIKey>] = APIKey.representation.attributes { $0.key }
}
