internal import OpenAPI

/// Makes the description of the API of its routes.
struct Description {
    /// The version of the program.
    let version: String
    /// Whether a change must name the version that it is meant for.
    let requiresIfMatch: Bool

    /// The routes as the documentation tells them; GraphQL describes itself.
    func operations(of table: [Route]) -> [Operation] {
        table.filter { !$0.endpoint.isGraphQL }.map {
            $0.endpoint.operation($0.method, $0.pattern, requiresIfMatch: requiresIfMatch)
        }
    }

    /// The whole description.
    func document(of table: [Route]) -> Document {
        Document(
            title: "Gatehouse",
            version: version,
            about: """
                The accounts of a site: users, sessions and API keys. `/api/...` without a version means version 1, for \
                ever. Parameters and members that are not known are errors, so that a typing error is seen. HEAD \
                answers as GET without the body, OPTIONS tells the methods.
                """,
            tags: Tag.allCases.map { Document.Tag($0.rawValue, $0.about) },
            securitySchemes: [
                ("bearer", .bearer(about: "The token of a session, or an API key.")),
                (
                    "cookie",
                    .cookie(
                        name: SessionCookie.name,
                        about: "The token of a session. A change by cookie needs the header X-Requested-With."
                    )
                ),
            ],
            commonFields: [.requestID, .apiVersion],
            operations: operations(of: table)
        )
    }
}
