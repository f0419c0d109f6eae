internal import JSON

/// Brings what clients send into the form of its type (sections 3.5 to 3.12, input coercion).
struct InputCoercion {
    struct Fault {
        let path: [GraphQLError.PathElement]
        let message: String
    }

    let schema: Schema
    /// The variables of the operation, coerced; what was not given is absent.
    let variables: [String: JSONValue]

    init(_ schema: Schema, variables: [String: JSONValue] = [:]) {
        self.schema = schema
        self.variables = variables
    }
}

// MARK: - Values of variables

extension InputCoercion {
    /// Coerces JSON; nil where it does not fit, with what is wrong in `faults`, of which at most a few are kept.
    func coerce(
        _ value: JSONValue,
        _ reference: TypeReference,
        at path: [GraphQLError.PathElement],
        _ faults: inout [Fault]
    ) -> JSONValue? {
        if value == .null {
            if !reference.isNonNull { return .null }
            return fault("Expected value of non-null type '\(reference)' not to be null.", path, &faults)
        }
        switch reference {
        case .nonNull(let inner): return coerce(value, inner, at: path, &faults)
        case .list(let element):
            guard case .array(let elements) = value else {
                return coerce(value, element, at: path, &faults).map { .array([$0]) }
            }
            var result: [JSONValue] = []
            result.reserveCapacity(elements.count)
            for (index, value) in elements.enumerated() where faults.count < 10 {
                if let value = coerce(value, element, at: path + [.index(index)], &faults) { result.append(value) }
            }
            return result.count == elements.count ? .array(result) : nil
        case .named(let name):
            guard let type = schema.type(name) else { return nil }
            return coerce(value, type, at: path, &faults)
        }
    }

    private func coerce(
        _ value: JSONValue,
        _ type: NamedType,
        at path: [GraphQLError.PathElement],
        _ faults: inout [Fault]
    ) -> JSONValue? {
        switch type.kind {
        case .enumeration:
            if case .string(let name) = value, type.hasValue(name) { return value }
            return fault("Value \(Self.excerpt(value)) does not exist in '\(type.name)' enum.", path, &faults)
        case .scalar:
            if let value = type.coercion?.parse(value) { return value }
            return fault("\(type.name) cannot represent value: \(Self.excerpt(value)).", path, &faults)
        case .inputObject:
            guard case .object(let object) = value else {
                return fault("Expected value of type '\(type.name)' to be an object.", path, &faults)
            }
            return coerce(object, type, at: path, &faults)
        default: return nil
        }
    }

    private func coerce(
        _ object: JSONObject,
        _ type: NamedType,
        at path: [GraphQLError.PathElement],
        _ faults: inout [Fault]
    ) -> JSONValue? {
        let before = faults.count
        let given = Dictionary(object.members.map { ($0.name, $0.value) }) { _, last in last }
        for member in object.members where type.input(member.name) == nil && faults.count < 10 {
            let name = member.name.prefix(64)
            fault("Expected value of type '\(type.name)' not to include unknown field '\(name)'.", path, &faults)
        }
        var members: [JSONObject.Member] = []
        for input in type.inputs where faults.count < 10 {
            if let value = given[input.name] {
                if let value = coerce(value, input.type, at: path + [.name(input.name)], &faults) {
                    members.append(.init(name: input.name, value: value))
                }
            } else if let value = defaultValue(of: input) {
                members.append(.init(name: input.name, value: value))
            } else if input.type.isNonNull {
                fault(
                    "Expected value of type '\(type.name)' to include required field '\(input.name)'.",
                    path,
                    &faults
                )
            }
        }
        if faults.count > before { return nil }
        if type.isOneOf, !(members.count == 1 && members.first?.value != .null) {
            return fault(type.oneOfMessage, path, &faults)
        }
        return .object(JSONObject(members))
    }

    @discardableResult
    private func fault(
        _ message: String,
        _ path: [GraphQLError.PathElement],
        _ faults: inout [Fault]
    ) -> JSONValue? {
        if faults.count < 10 { faults.append(Fault(path: path, message: message)) }
        return nil
    }

    private static func excerpt(_ value: JSONValue) -> String {
        switch value {
        case .array: return "a list"
        case .object: return "an object"
        case .string(let text) where text.utf8.count > 64: return "a long text"
        default: break
        }
        var writer = JSONWriter()
        writer.write(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

// MARK: - Literals

extension InputCoercion {
    /// What a place is where nothing is given; nil where it has no default.
    func defaultValue(of input: InputValueDefinition) -> JSONValue? {
        guard let value = input.defaultValue else { return nil }
        return InputCoercion(schema).coerce(value, input.type)
    }

    /// Coerces a literal; nil where it does not fit, or is a variable that has no value.
    func coerce(_ value: Value, _ reference: TypeReference) -> JSONValue? {
        if case .variable(let name) = value.kind {
            guard let value = variables[name] else { return nil }
            return value == .null && reference.isNonNull ? nil : value
        }
        if case .null = value.kind { return reference.isNonNull ? nil : .null }
        switch reference {
        case .nonNull(let inner): return coerce(value, inner)
        case .list(let element):
            guard case .list(let elements) = value.kind else { return coerce(value, element).map { .array([$0]) } }
            var result: [JSONValue] = []
            result.reserveCapacity(elements.count)
            for value in elements {
                if isMissing(value), !element.isNonNull {
                    result.append(.null)
                } else if let value = coerce(value, element) {
                    result.append(value)
                } else {
                    return nil
                }
            }
            return .array(result)
        case .named(let name):
            guard let type = schema.type(name) else { return nil }
            return coerce(value, type)
        }
    }

    /// Whether it is a variable that has no value.
    func isMissing(_ value: Value) -> Bool {
        if case .variable(let name) = value.kind { variables[name] == nil } else { false }
    }

    private func coerce(_ value: Value, _ type: NamedType) -> JSONValue? {
        switch type.kind {
        case .enumeration:
            if case .enumeration(let name) = value.kind, type.hasValue(name) { return .string(name) }
            return nil
        case .scalar: return type.coercion?.parseLiteral(value.kind.holdsVariable ? replaced(value.kind) : value.kind)
        case .inputObject:
            guard case .object(let fields) = value.kind else { return nil }
            return coerce(fields, type)
        default: return nil
        }
    }

    private func coerce(_ fields: [Argument], _ type: NamedType) -> JSONValue? {
        let given = Dictionary(fields.map { ($0.name.text, $0.value) }) { _, last in last }
        guard given.keys.allSatisfy({ type.input($0) != nil }) else { return nil }
        var members: [JSONObject.Member] = []
        for input in type.inputs {
            if let value = given[input.name], !isMissing(value) {
                guard let value = coerce(value, input.type) else { return nil }
                members.append(.init(name: input.name, value: value))
            } else if let value = defaultValue(of: input) {
                members.append(.init(name: input.name, value: value))
            } else if input.type.isNonNull {
                return nil
            }
        }
        if type.isOneOf, !(given.count == 1 && members.count == 1 && members.first?.value != .null) { return nil }
        return .object(JSONObject(members))
    }

    /// A literal of a scalar with its variables replaced by their values.
    private func replaced(_ kind: Value.Kind) -> Value.Kind {
        switch kind {
        case .variable(let name): Value.Kind(variables[name] ?? .null)
        case .list(let values): .list(values.map { Value(kind: replaced($0.kind), offset: $0.offset) })
        case .object(let fields):
            .object(
                fields.map { field in
                    let value = Value(kind: replaced(field.value.kind), offset: field.value.offset)
                    return Argument(name: field.name, value: value)
                }
            )
        default: kind
        }
    }
}

extension Value.Kind {
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let number): self = .int(String(number))
        case .unsigned(let number): self = .int(String(number))
        case .number(let number): self = .float("\(number)")
        case .string(let text): self = .string(text)
        case .array(let values): self = .list(values.map { Value(kind: Value.Kind($0), offset: 0) })
        case .object(let object):
            self = .object(
                object.members.map { member in
                    let name = Name(text: member.name, offset: 0)
                    return Argument(name: name, value: Value(kind: Value.Kind(member.value), offset: 0))
                }
            )
        }
    }
}
