internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Pagination
internal import Services

extension AccountsSchema {
    /// Adds what has happened, for administrators: as a list for who looks something up, and as a log for who follows it.
    static func addAuditQueries(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        let cost = FieldCost(own: 1, sizedBy: ["first"], assumedSize: PageRequest.defaultSize)
        let first = InputValueDefinition("first", "Int", description: "The most events; 20 where it is left out.")
        let after = InputValueDefinition("after", "String", description: "Only what follows this place.")
        type.objects(
            "auditEvents",
            "AuditEventConnection",
            description:
                "Who did what, the newest first; for administrators. What was done within the last second may be "
                + "missing yet.",
            arguments: [first, after, InputValueDefinition("filter", "AuditFilterInput")],
            cost: cost
        ) { _, arguments, context in
            [.value(try audit(arguments, context))]
        }
        type.objects(
            "events",
            "AuditEventConnection",
            description:
                "What happened, the oldest first, in the order in which it happened; for administrators. Whoever "
                + "sends `endCursor` as `after` the next time misses nothing.",
            arguments: [first, after],
            cost: cost
        ) { _, arguments, context in
            [.value(try log(arguments, context))]
        }
    }

    /// Adds what they give.
    static func addAudit(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.input(
            AuditQuery.filter,
            description: "Which events a list has; `subject`, `actor` and `type` one at a time."
        )
        builder.connection(of: "AuditEvent", description: "A stretch of what happened.") {
            (connection: Connection<AuditRecord>) in connection
        }
        builder.object("AuditEvent", of: AuditRecord.self, description: "Something that happened, and who did it.") {
            type in
            type.attributes(of: AuditRecord.representation)
            // Numbers past 32 bits are texts, as section 3.5.1 has it.
            type.value("sequence", "String!", description: "The number of its place in the log.") {
                .string(String($0.sequence))
            }
            type.value("traceparent", "String", description: "The trace of the request; null where there was none.") {
                $0.origin.traceparent.map(JSONValue.string) ?? .null
            }
            type.objects(
                "user",
                "User",
                description: "The user whom it concerns; null where there is none any more.",
                cost: .read
            ) { records, _, context in
                try context.users(records.map { UserID($0.subject) }).map { .optional($0) }
            }
            type.object("actor", "Actor!", description: "Who did it.") { .value($0.actor) }
        }
        builder.object("Actor", of: Actor.self, description: "Who did something.") { type in
            type.attributes(of: ActorRepresentation.value)
            type.objects(
                "user",
                "User",
                description: "The user; null where it was none, or one who is there no more.",
                cost: .read
            ) { actors, _, context in
                let ids = actors.map(\.userID)
                let known = ids.compactMap(\.self)
                let users = Dictionary(zip(known, try context.users(known))) { first, _ in first }
                return ids.map { id in .optional(id.flatMap { users[$0] ?? nil }) }
            }
        }
    }

    /// A stretch of the audit, by the filters and the cursors of REST.
    private static func audit(_ arguments: Arguments, _ context: GraphQLContext) throws -> Connection<AuditRecord> {
        let caller = try context.administrator()
        let filter = try AuditQuery.filter.read(arguments.object("filter") ?? Arguments())
        let (selection, signing) = (try AuditSelection(filter), context.services.signing)
        let after = arguments.string("after")
        let slice = try selection.slice(
            behind: after,
            sentAs: "after",
            limit: try arguments.size("first"),
            signing: signing
        )
        let (items, hasNext) = try context.services.audit.list(slice, by: caller)
        // Whatever gave a cursor stands before it still: the oldest events go first.
        return Connection(nodes: items, hasNext: hasNext, hasPrevious: after != nil) { record in
            selection.cursor(after: record.position, signing: signing)
        }
    }

    /// A stretch of the log, whose places are its numbers, as in REST.
    private static func log(_ arguments: Arguments, _ context: GraphQLContext) throws -> Connection<AuditRecord> {
        let caller = try context.administrator()
        var first: Int64 = 0
        if let after = arguments.string("after") {
            guard let number = Int64(after), number >= 0, String(number) == after else {
                throw HTTPError.cursorOfAnotherList(sentAs: "after")
            }
            first = number
        }
        let size = try arguments.size("first")
        let items = try context.services.audit.events(after: first, limit: size + 1, by: caller)
        return Connection(nodes: Array(items.prefix(size)), hasNext: items.count > size, hasPrevious: first > 0) {
            String($0.sequence)
        }
    }
}
