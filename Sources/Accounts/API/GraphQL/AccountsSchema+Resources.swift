internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON

extension AccountsSchema {
    /// Users, sessions and API keys, each with the attributes of its representation.
    static func addResources(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.interface(
            "Node",
            description: "What has an id of its own.",
            fields: [FieldDefinition("id", "ID!", description: "The same as everywhere in the API; never changes.")]
        )
        builder.object("User", of: User.self, description: "An account.", implements: ["Node"]) { type in
            type.attributes(of: User.representation)
            type.value(
                "version",
                "Int!",
                description: "Counts its changes; a change can name the version that it is meant for."
            ) { .integer($0.version) }
            type.objects(
                "sessions",
                "[Session!]",
                description: "The sessions that have not ended, the newest first.",
                cost: .list
            ) { users, _, context in
                try context.sessions(of: users).map { .values($0) }
            }
            type.objects(
                "apiKeys",
                "[APIKey!]",
                description: "The API keys, expired ones too, the newest first.",
                cost: .list
            ) { users, _, context in
                try context.keys(of: users).map { .values($0) }
            }
        }
        builder.object(
            "Session",
            of: ShownSession.self,
            description: "That somebody is signed in.",
            implements: ["Node"]
        ) { $0.attributes(of: ShownSession.representation) }
        builder.object("APIKey", of: APIKey.self, description: "A credential for a program.", implements: ["Node"]) {
            $0.attributes(of: APIKey.representation)
        }
    }

    /// How many users there are.
    static func addStatistics(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.object("UserStatistics", of: UserStatistics.self, description: "How many users there are.") { type in
            type.attributes(of: UserStatistics.representation)
            type.object("byRole", "[RoleCount!]!", description: "All users by role.") { statistics in
                .values(Role.allCases.map { ($0, statistics.count(of: $0)) })
            }
            type.object("byStatus", "[StatusCount!]!", description: "All users by status.") { statistics in
                .values(UserStatus.allCases.map { ($0, statistics.count(of: $0)) })
            }
            type.object("createdLast30Days", "[DayCount!]!", description: "By day in UTC, the oldest first.") {
                .values($0.created)
            }
        }
        builder.object("RoleCount", of: (Role, Int).self) { type in
            type.value("role", "Role!") { .string(GraphQLNames.value($0.0.rawValue)) }
            type.value("count", "Int!") { .integer(Int64($0.1)) }
        }
        builder.object("StatusCount", of: (UserStatus, Int).self) { type in
            type.value("status", "UserStatus!") { .string(GraphQLNames.value($0.0.rawValue)) }
            type.value("count", "Int!") { .integer(Int64($0.1)) }
        }
        builder.object("DayCount", of: UserStatistics.Day.self) { $0.attributes(of: UserStatistics.Day.representation) }
    }
}

extension FieldCost {
    /// One statement, however many objects there are; yet every object makes the answer longer.
    static let list = FieldCost(own: 1, assumedSize: 10)
    /// One statement.
    static let read = FieldCost(own: 1)
}
