internal import GraphQL
internal import HTTPPipeline

extension ValueSchema {
    /// The GraphQL type of such values in an object of that name; nil for parts that have types of their own.
    func graphQLType(in owner: String?) -> TypeReference? {
        switch self {
        case .string(_, format: "date-time"), .dateTime: "DateTime!"
        case .string(_, format: "uuid"), .uuid: "ID!"
        case .string, .date: "String!"
        case .integer: "Int!"
        case .boolean: "Boolean!"
        case .choice(let choices): Enumeration.of(choices, in: owner).map { .nonNull(.named($0.name)) }
        case .objects(let schema, _): schema.graphQLName.map { .nonNull(.list(.nonNull(.named($0)))) }
        case .nullable(let schema): schema.graphQLType(in: owner)?.nullable
        case .any: "JSON"
        case .array, .object, .anyOf: nil
        }
    }

    /// The enumeration whose values these are in an object of that name, if they are.
    func enumeration(in owner: String?) -> Enumeration? {
        switch self {
        case .choice(let choices): Enumeration.of(choices, in: owner)
        case .nullable(let schema): schema.enumeration(in: owner)
        default: nil
        }
    }
}

extension ObjectSchema {
    /// What such an object is called among the types of GraphQL.
    var graphQLName: String? { name.map { "\($0)Input" } }
}
