internal import Domain
internal import HTTPPipeline
internal import OpenAPI
internal import Services

/// What the routes of API keys take and answer.
extension Contract {
    static let createKey = Contract("createAPIKey", .keys, "Make an API key")
        .telling("It acts for its user, and is shown this once.")
        .taking(body: .of(APIKeyBody.creation, showing: ["access", "expires_at"]))
        .answering(.created, "The new key.", .one(IssuedAPIKey.representation), .location, .cacheControl)
        .refusing(
            .conflict,
            "Nobody has more than \(APIKey.mostPerUser) API keys. Delete one first.",
            "The caller has as many as anybody may have: `CONFLICT`."
        )

    static let listKeys = Contract("listAPIKeys", .keys, "List my API keys")
        .telling("All of them, expired ones too, the newest first, on one page.")
        .answering(.ok, "The keys.", .all(APIKey.representation), .link, .cacheControl, .vary)

    static let endKey = Contract("endAPIKey", .keys, "Delete one of my API keys")
        .answering(.noContent, "It is good no more.")

    static let listKeysOfUser = Contract("listAPIKeysOfUser", .users, "List somebody's API keys")
        .answering(.ok, "The keys.", .all(APIKey.representation), .link, .cacheControl, .vary)

    static let endKeysOfUser = Contract("endAPIKeysOfUser", .users, "Delete somebody's API keys")
        .answering(.noContent, "None of them is good any more.")
}
