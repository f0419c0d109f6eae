internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

extension AccountsSchema {
    /// The most ids that can be asked for at once.
    private static let mostNodes = 100

    /// Adds what can be read; each field says itself who may.
    static func addQueries(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.objects("me", "User", description: "The caller.") { _, _, context in
            [.value(context.services.users.profile(of: try context.signedIn()))]
        }
        type.objects(
            "user",
            "User",
            description: "One user; null where there is none that the caller may see.",
            arguments: [InputValueDefinition("id", "ID!")],
            cost: .read
        ) { _, arguments, context in
            let id = UserID(arguments.string("id") ?? "")
            return [.optional(try context.users([id].compactMap(\.self)).first ?? nil)]
        }
        type.objects(
            "users",
            "UserConnection",
            description: "Lists of users, for administrators.",
            arguments: connectionArguments,
            cost: FieldCost(own: 1, sizedBy: ["first", "last"], assumedSize: PageRequest.defaultSize)
        ) { _, arguments, context in
            [.value(try UserConnection(arguments, context))]
        }
        type.objects("userStatistics", "UserStatistics", description: "For administrators.", cost: FieldCost(own: 5)) {
            _,
            _,
            context in
            [.value(try context.services.users.statistics(by: try context.signedIn()))]
        }
        type.objects("sessions", "[Session!]", description: "The caller's own sessions.", cost: .list) {
            _,
            _,
            context in
            try context.sessions(of: [try context.signedIn().user]).map { .values($0) }
        }
        type.objects("apiKeys", "[APIKey!]", description: "The caller's own API keys.", cost: .list) { _, _, context in
            try context.keys(of: [try context.signedIn().user]).map { .values($0) }
        }
        type.abstract(
            "node",
            "Node",
            description: "Whatever has this id; null where the caller may see nothing that has.",
            arguments: [InputValueDefinition("id", "ID!")],
            cost: FieldCost(own: 3)
        ) { _, arguments, context in
            [.optional(try nodes([arguments.string("id") ?? ""], context).first ?? nil)]
        }
        type.abstract(
            "nodes",
            "[Node]!",
            description: "The same of several ids, \(mostNodes) at most.",
            arguments: [InputValueDefinition("ids", "[ID!]!")],
            cost: FieldCost(own: 3, assumedSize: 20)
        ) { _, arguments, context in
            guard case .array(let values)? = arguments["ids"], values.count <= mostNodes else {
                throw HTTPError.invalidArgument("ids", "must have at most \(mostNodes) elements")
            }
            let ids = values.map { value in if case .string(let text) = value { text } else { "" } }
            return [.list(try nodes(ids, context).map { .optional($0) })]
        }
    }

    private static var connectionArguments: [InputValueDefinition] {
        [
            InputValueDefinition(
                "first",
                "Int",
                description: "The most users; 20 where neither it nor `last` is given."
            ),
            InputValueDefinition("after", "String", description: "Only what follows this place."),
            InputValueDefinition("last", "Int", description: "The most users, from the end."),
            InputValueDefinition("before", "String", description: "Only what leads up to this place."),
            InputValueDefinition("filter", "UserFilterInput"),
            InputValueDefinition("sort", "UserSort", description: "`CREATED_AT_DESC` where it is left out."),
        ]
    }

    /// What has these ids, in their order: all ids are UUIDs, and nothing has that of something else.
    ///
    /// Three statements at most, however many there are.
    private static func nodes(_ texts: [String], _ context: GraphQLContext) throws -> [AbstractObject?] {
        let caller = try context.signedIn()
        let ids = texts.map { UUID($0) }
        var found: [UUID: AbstractObject] = [:]
        func missing() -> [UUID] { ids.compactMap(\.self).filter { found[$0] == nil } }
        for case let user? in try context.users(missing().map { UserID($0) }) {
            found[user.id.uuid] = AbstractObject(user, type: "User")
        }
        for session in try context.services.sessions.find(missing().map { SessionID($0) }, by: caller) {
            found[session.id.uuid] = AbstractObject(context.shown(session), type: "Session")
        }
        for key in try context.services.keys.find(missing().map { APIKeyID($0) }, by: caller) {
            found[key.id.uuid] = AbstractObject(key, type: "APIKey")
        }
        return ids.map { $0.flatMap { found[$0] } }
    }
}
