internal import JSON

/// Holds what resolvers give for scalars and enumerations against their type (section 3.5, result coercion).
struct LeafCompletion {
    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// The value in the form in which it is written; a failure where it is none of the type.
    ///
    /// Null is left to the caller.
    func complete(_ value: JSONValue, _ reference: TypeReference) -> Cell {
        if value == .null { return .null }
        switch reference {
        case .nonNull(let inner): return complete(value, inner)
        case .list(let element):
            guard case .array(let elements) = value else { return .failure(mismatch(value, reference)) }
            return .list(elements.map { complete($0, element) })
        case .named(let name):
            guard let type = schema.type(name), let value = complete(value, type) else {
                return .failure(mismatch(value, reference))
            }
            return .leaf(value)
        }
    }

    private func complete(_ value: JSONValue, _ type: NamedType) -> JSONValue? {
        if type.kind == .enumeration {
            if case .string(let name) = value, type.hasValue(name) { return value }
            return nil
        }
        switch type.name {
        case "String": if case .string = value { return value }
        case "Boolean": if case .bool = value { return value }
        case "ID":
            switch value {
            case .string: return value
            case .integer(let number): return .string(String(number))
            default: break
            }
        case "Int", "Float": return type.coercion?.parse(value)
        default: return value
        }
        return nil
    }

    private func mismatch(_ value: JSONValue, _ reference: TypeReference) -> GraphQLError {
        GraphQLError("The field's value is not of type '\(reference)'.")
    }
}
