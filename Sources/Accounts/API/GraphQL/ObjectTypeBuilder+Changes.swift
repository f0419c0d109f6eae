internal import GraphQL
internal import HTTPPipeline

extension ObjectTypeBuilder where Context == GraphQLContext, Object == Void {
    /// Adds a change that takes a body, as an argument `input`.
    mutating func change<Payload>(
        _ name: String,
        _ payload: String,
        description: String,
        arguments: [InputValueDefinition] = [],
        taking body: ObjectSchema,
        _ make: @escaping (MemberValues, Arguments, GraphQLContext) throws -> Payload
    ) {
        let type = TypeReference.nonNull(.named(body.graphQLName ?? ""))
        let input = InputValueDefinition("input", type)
        change(name, payload, description: description, arguments: arguments + [input]) { arguments, context in
            try make(try body.read(arguments.object("input") ?? Arguments()), arguments, context)
        }
    }

    /// Adds a change; where it is refused it is null, and those after it are made nevertheless.
    mutating func change<Payload>(
        _ name: String,
        _ payload: String,
        description: String,
        arguments: [InputValueDefinition] = [],
        _ make: @escaping (Arguments, GraphQLContext) throws -> Payload
    ) {
        let cost = FieldCost(own: AccountsSchema.heavyChanges.contains(name) ? 50 : 10)
        objects(name, .named(payload), description: description, arguments: arguments, cost: cost) {
            _,
            arguments,
            context in
            let made = try make(arguments, context)
            context.forget()
            return [.value(made)]
        }
    }
}
