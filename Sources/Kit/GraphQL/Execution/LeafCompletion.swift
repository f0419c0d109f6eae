internal import JSON

/// Holds what resolvers give for scalars and enumerations against their type (section 3.5, result coercion).
enum LeafCompletion {
    /// The value in the form in which it is written; a failure where it is none of the type.
    ///
    /// `named` is the type inside all lists of the reference. Null is left to the caller.
    static func complete(_ value: JSONValue, _ reference: TypeReference, _ named: NamedType) -> Cell {
        if case .null = value { return .null }
        switch reference {
        case .nonNull(let inner): return complete(value, inner, named)
        case .list(let element):
            guard case .array(let elements) = value else { return .failure(mismatch(value, reference)) }
            return .list(elements.map { complete($0, element, named) })
        case .named:
            guard let value = complete(value, named) else { return .failure(mismatch(value, reference)) }
            return .leaf(value)
        }
    }

    private static func complete(_ value: JSONValue, _ type: NamedType) -> JSONValue? {
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

    private static func mismatch(_ value: JSONValue, _ reference: TypeReference) -> GraphQLError {
        GraphQLError("The field's value is not of type '\(reference)'.")
    }
}
