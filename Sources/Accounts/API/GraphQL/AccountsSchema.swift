internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON

/// The schema of the accounts: what REST offers, by the same services, rules and definitions of resources.
package enum AccountsSchema {
    /// The schema in the schema definition language.
    package static func sdl() throws -> String { try build().schema.sdl }

    /// Builds it, with what resolves its fields.
    static func build() throws -> ExecutableSchema<GraphQLContext> {
        var builder = SchemaBuilder<GraphQLContext>(
            description:
                "The accounts of a site: users, sessions, API keys, and who did what. The same as the API below /api/v1."
        )
        builder.root(.query, "Query", description: "What can be read.") { type in
            addQueries(to: &type)
            addAuditQueries(to: &type)
            addWebhookQueries(to: &type)
            addMailQueries(to: &type)
        }
        builder.root(.mutation, "Mutation", description: "What can be changed; one after the other.") { type in
            addMutations(to: &type)
            addWebhookChanges(to: &type)
            addMailChanges(to: &type)
        }
        addValues(to: &builder)
        addResources(to: &builder)
        builder.pageInfo()
        addUserLists(to: &builder)
        addStatistics(to: &builder)
        addAudit(to: &builder)
        addPayloads(to: &builder)
        addWebhooks(to: &builder)
        addMail(to: &builder)
        return try builder.build()
    }

    private static func addValues(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.scalar(
            "DateTime",
            description: "A date and time as in RFC 3339; shown in UTC with microseconds.",
            specifiedBy: "https://www.rfc-editor.org/rfc/rfc3339",
            ScalarCoercion { value in
                guard case .string(let text) = value, RFC3339.microseconds(text) != nil else { return nil }
                return value
            }
        )
        builder.scalar(
            "JSON",
            description: "Any value of JSON, as it is.",
            specifiedBy: "https://www.rfc-editor.org/rfc/rfc8259",
            ScalarCoercion { $0 }
        )
        for enumeration in Enumeration.all {
            builder.enumeration(
                enumeration.name,
                description: enumeration.about,
                values: enumeration.choices.map { EnumValueDefinition(GraphQLNames.value($0)) }
            )
        }
    }
}
