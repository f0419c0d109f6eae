internal import GraphQL
internal import HTTPPipeline
internal import JSON

extension ObjectTypeBuilder {
    /// Adds a field for each attribute of a representation that is a single value: name, type, description and value are
    /// those that REST shows.
    mutating func attributes<Resource>(
        of representation: Representation<Resource>,
        _ resource: @escaping (Object) -> Resource
    ) {
        for attribute in representation.attributes {
            guard let type = attribute.schema.graphQLType(in: representation.name), let give = attribute.value else {
                continue
            }
            let enumeration = attribute.schema.enumeration(in: representation.name)
            let names = Dictionary(
                (enumeration?.choices ?? []).map { ($0, JSONValue.string(GraphQLNames.value($0))) },
                uniquingKeysWith: { first, _ in first }
            )
            value(
                GraphQLNames.field(attribute.name),
                type,
                description: GraphQLNames.description(attribute.about, enumeration)
            ) { object in
                let value = give(resource(object))
                guard case .string(let choice) = value, let name = names[choice] else { return value }
                return name
            }
        }
    }

    /// Adds a field for each attribute of the objects themselves.
    mutating func attributes(of representation: Representation<Object>) {
        attributes(of: representation) { $0 }
    }
}
