extension Schema {
    /// The schema in the schema definition language, without what every schema has (section 3).
    ///
    /// The same schema always gives the same text, so that a change of the contract is seen in review.
    public var sdl: String {
        var parts: [String] = []
        if let definition = schemaDefinition { parts.append(definition) }
        let builtIn = Set(DirectiveDefinition.builtIn.map(\.name))
        parts += directives.filter { !builtIn.contains($0.name) }.map(\.sdl)
        let scalars = Set(NamedType.builtInScalars.map(\.name))
        parts += types.filter { !$0.name.hasPrefix("__") && !scalars.contains($0.name) }.map(\.sdl)
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// Left out where it says what is assumed anyway.
    private var schemaDefinition: String? {
        let roots = OperationKind.allCases.map { (kind: $0, type: root($0)?.name) }
        let isAssumed = roots.allSatisfy { kind, name in
            let assumed = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
            return name == assumed || name == nil && type(assumed) == nil
        }
        if isAssumed, description == nil { return nil }
        let lines = roots.compactMap { kind, name in name.map { "  \(kind.rawValue): \($0)\n" } }
        return printed(description) + "schema {\n" + lines.joined() + "}"
    }
}

private func printed(_ description: String?, indentation: String = "", isFirst: Bool = true) -> String {
    guard let description else { return "" }
    let text =
        BlockString.canSay(description)
        ? BlockString.printed(description, indentation: indentation)
        : Value.Kind.string(description).printed
    return (indentation.isEmpty || isFirst ? "" : "\n") + indentation + text + "\n"
}

private func deprecated(_ deprecation: String?) -> String {
    guard let deprecation else { return "" }
    if deprecation == DirectiveDefinition.defaultDeprecationReason { return " @deprecated" }
    return " @deprecated(reason: \(Value.Kind.string(deprecation).printed))"
}

private func block(_ lines: [String]) -> String {
    lines.isEmpty ? "" : " {\n" + lines.joined(separator: "\n") + "\n}"
}

private func printed(_ arguments: [InputValueDefinition], indentation: String) -> String {
    if arguments.isEmpty { return "" }
    if arguments.allSatisfy({ $0.description == nil }) {
        return "(" + arguments.map(\.sdl).joined(separator: ", ") + ")"
    }
    let inner = indentation + "  "
    let lines = arguments.enumerated().map { number, argument in
        printed(argument.description, indentation: inner, isFirst: number == 0) + inner + argument.sdl
    }
    return "(\n" + lines.joined(separator: "\n") + "\n\(indentation))"
}

extension InputValueDefinition {
    fileprivate var sdl: String {
        "\(name): \(type)" + (defaultValue.map { " = " + $0.kind.printed } ?? "") + deprecated(deprecation)
    }
}

extension DirectiveDefinition {
    fileprivate var sdl: String {
        printed(description) + "directive @\(name)" + printed(arguments, indentation: "")
            + (isRepeatable ? " repeatable" : "") + " on " + locations.map(\.rawValue).joined(separator: " | ")
    }
}

extension NamedType {
    fileprivate var sdl: String {
        printed(description) + definition
    }

    private var definition: String {
        switch kind {
        case .scalar:
            "scalar \(name)" + (specifiedBy.map { " @specifiedBy(url: \(Value.Kind.string($0).printed))" } ?? "")
        case .union: "union \(name) = " + members.joined(separator: " | ")
        case .enumeration: "enum \(name)" + block(enumLines)
        case .inputObject: "input \(name)" + (isOneOf ? " @oneOf" : "") + block(inputLines)
        case .interface: "interface \(name)" + implemented + block(fieldLines)
        default: "type \(name)" + implemented + block(fieldLines)
        }
    }

    private var implemented: String {
        interfaces.isEmpty ? "" : " implements " + interfaces.joined(separator: " & ")
    }

    private var enumLines: [String] {
        values.enumerated().map { number, value in
            printed(value.description, indentation: "  ", isFirst: number == 0) + "  \(value.name)"
                + deprecated(value.deprecation)
        }
    }

    private var inputLines: [String] {
        inputs.enumerated().map { number, input in
            printed(input.description, indentation: "  ", isFirst: number == 0) + "  " + input.sdl
        }
    }

    private var fieldLines: [String] {
        fields.enumerated().map { number, field in
            printed(field.description, indentation: "  ", isFirst: number == 0) + "  \(field.name)"
                + printed(field.arguments, indentation: "  ") + ": \(field.type)" + deprecated(field.deprecation)
        }
    }
}
