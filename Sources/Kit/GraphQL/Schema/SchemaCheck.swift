/// What has to hold for a schema as a whole (the type validation parts of sections 3.3 to 3.13).
struct SchemaCheck {
    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
    }

    func run() throws(SchemaError) {
        var names: Set<String> = []
        for type in schema.types where !names.insert(type.name).inserted {
            throw SchemaError("There can be only one type named \"\(type.name)\".")
        }
        names = []
        for directive in schema.directives {
            if !names.insert(directive.name).inserted {
                throw SchemaError("There can be only one directive named \"@\(directive.name)\".")
            }
            try check(name: directive.name)
            try check(directive.arguments, of: "@\(directive.name)")
            if directive.locations.isEmpty { throw SchemaError("@\(directive.name) may stand nowhere.") }
        }
        try checkRoots()
        for type in schema.types where !Introspection.names.contains(type.name) { try check(type) }
        try checkInputCycles()
    }

    private func checkRoots() throws(SchemaError) {
        guard schema.root(.query) != nil else { throw SchemaError("Query root type must be provided.") }
        var names: Set<String> = []
        for kind in OperationKind.allCases {
            guard let root = schema.root(kind) else { continue }
            if root.kind != .object { throw SchemaError("The root type of \(kind.rawValue) must be an object type.") }
            if !names.insert(root.name).inserted { throw SchemaError("All root types must be different.") }
        }
    }

    private func check(_ type: NamedType) throws(SchemaError) {
        try check(name: type.name)
        switch type.kind {
        case .object, .interface:
            try check(type.fields.map(\.name), of: type.name, what: "fields")
            for field in type.fields {
                let place = "\(type.name).\(field.name)"
                guard let result = schema.type(of: field.type) else { throw unknown(field.type, place) }
                if !result.kind.isOutput { throw SchemaError("The type of \(place) must be an output type.") }
                try check(field.arguments, of: place)
            }
            try checkInterfaces(of: type)
        case .union:
            try check(type.members, of: type.name, what: "member types")
            for member in type.members where schema.type(member)?.kind != .object {
                throw SchemaError("Union type \(type.name) can only include object types, it cannot include \(member).")
            }
        case .enumeration: try check(type.values.map(\.name), of: type.name, what: "values")
        case .inputObject:
            if type.inputs.isEmpty { throw SchemaError("\(type.name) must define one or more fields.") }
            try check(type.inputs, of: type.name)
            if type.isOneOf, let input = type.inputs.first(where: { $0.type.isNonNull || $0.defaultValue != nil }) {
                throw SchemaError("OneOf input field \(type.name).\(input.name) must be nullable without default.")
            }
        default: break
        }
    }

    private func check(_ names: [String], of type: String, what: String) throws(SchemaError) {
        if names.isEmpty { throw SchemaError("Type \(type) must define one or more \(what).") }
        var seen: Set<String> = []
        for name in names {
            try check(name: name)
            if !seen.insert(name).inserted { throw SchemaError("\(type).\(name) can only be defined once.") }
        }
    }

    private func check(_ inputs: [InputValueDefinition], of place: String) throws(SchemaError) {
        var seen: Set<String> = []
        for input in inputs {
            try check(name: input.name)
            let place = "\(place)(\(input.name):)"
            if !seen.insert(input.name).inserted { throw SchemaError("\(place) can only be defined once.") }
            guard let type = schema.type(of: input.type) else { throw unknown(input.type, place) }
            if !type.kind.isInput { throw SchemaError("The type of \(place) must be an input type.") }
            if input.isRequired, input.deprecation != nil {
                throw SchemaError("Required argument \(place) cannot be deprecated.")
            }
            if let value = input.defaultValue {
                var check = LiteralCheck(schema)
                check.check(value, input.type)
                if let fault = check.faults.first {
                    throw SchemaError("The default of \(place) is wrong: \(fault.message)")
                }
            }
        }
    }

    private func check(name: String) throws(SchemaError) {
        if name.hasPrefix("__") {
            throw SchemaError(
                "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection."
            )
        }
        guard let first = name.utf8.first, Lexer.isNameStart(first), name.utf8.allSatisfy(Lexer.isNameContinue) else {
            throw SchemaError("Names must consist of letters, digits and underscores, but \"\(name)\" does not.")
        }
    }

    private func unknown(_ type: TypeReference, _ place: String) -> SchemaError {
        SchemaError("Unknown type \"\(type.name)\" of \(place).")
    }
}

// MARK: - Interfaces

extension SchemaCheck {
    private func checkInterfaces(of type: NamedType) throws(SchemaError) {
        var seen: Set<String> = []
        for name in type.interfaces {
            guard let interface = schema.type(name), interface.kind == .interface else {
                throw SchemaError("Type \(type.name) must only implement interface types, it cannot implement \(name).")
            }
            if name == type.name { throw SchemaError("Type \(name) cannot implement itself.") }
            if !seen.insert(name).inserted { throw SchemaError("Type \(type.name) can only implement \(name) once.") }
            if interface.interfaces.contains(type.name) {
                throw SchemaError("Type \(type.name) and \(name) cannot implement each other.")
            }
            for inherited in interface.interfaces where !type.interfaces.contains(inherited) {
                throw SchemaError("Type \(type.name) must implement \(inherited), as \(name) does.")
            }
            for field in interface.fields { try check(type, implements: field, of: name) }
        }
    }

    private func check(
        _ type: NamedType,
        implements expected: FieldDefinition,
        of interface: String
    ) throws(SchemaError) {
        let place = "\(interface).\(expected.name)"
        guard let field = type.field(expected.name) else {
            throw SchemaError("Interface field \(place) expected but \(type.name) does not provide it.")
        }
        guard schema.isSubtype(field.type, of: expected.type) else {
            throw SchemaError(
                "Interface field \(place) expects type \(expected.type) but "
                    + "\(type.name).\(field.name) is type \(field.type)."
            )
        }
        if field.deprecation != nil, expected.deprecation == nil {
            throw SchemaError("\(type.name).\(field.name) must not be deprecated, as \(place) is not.")
        }
        for argument in expected.arguments {
            let found = field.arguments.first { $0.name == argument.name }
            guard found?.type == argument.type else {
                throw SchemaError("\(type.name).\(field.name) must take \(argument.name) as \(place) does.")
            }
        }
        for argument in field.arguments where argument.isRequired {
            guard expected.arguments.contains(where: { $0.name == argument.name }) else {
                throw SchemaError("\(type.name).\(field.name) must not require \(argument.name): \(place) has none.")
            }
        }
    }
}

// MARK: - Input objects

extension SchemaCheck {
    /// Every input object must have a value that ends (section 3.10, type validation), and so must its defaults.
    private func checkInputCycles() throws(SchemaError) {
        let types = schema.types.filter { $0.kind == .inputObject }
        var finite: Set<String> = []
        var before = -1
        while finite.count > before {
            before = finite.count
            for type in types where !finite.contains(type.name) && isFinite(type, finite) { finite.insert(type.name) }
        }
        if let type = types.first(where: { !finite.contains($0.name) }) {
            throw SchemaError("Input Object \(type.name) has no finite value, because it always needs itself.")
        }
        for type in types {
            var path: [String] = []
            try followDefaults(of: type, given: [], &path)
        }
    }

    private func isFinite(_ type: NamedType, _ finite: Set<String>) -> Bool {
        func hasEnd(_ reference: TypeReference) -> Bool {
            guard case .named(let name) = reference.nullable else { return true }
            return schema.type(name)?.kind != .inputObject || finite.contains(name)
        }
        if type.isOneOf { return type.inputs.contains { hasEnd($0.type) } }
        return type.inputs.allSatisfy { !$0.type.isNonNull || hasEnd($0.type) }
    }

    /// Follows the defaults that are taken for an input object of which some fields are given.
    private func followDefaults(of type: NamedType, given: [Argument], _ path: inout [String]) throws(SchemaError) {
        for input in type.inputs {
            if let field = given.first(where: { $0.name.text == input.name }) {
                try followDefaults(in: field.value, input.type, &path)
            } else if let value = input.defaultValue {
                let place = "\(type.name).\(input.name)"
                if path.contains(place) { throw SchemaError("The default of \(place) needs itself.") }
                path.append(place)
                try followDefaults(in: value, input.type, &path)
                path.removeLast()
            }
        }
    }

    private func followDefaults(in value: Value, _ type: TypeReference, _ path: inout [String]) throws(SchemaError) {
        switch value.kind {
        case .list(let values): for value in values { try followDefaults(in: value, type, &path) }
        case .object(let fields):
            guard let named = schema.type(of: type), named.kind == .inputObject else { return }
            try followDefaults(of: named, given: fields, &path)
        default: break
        }
    }
}
