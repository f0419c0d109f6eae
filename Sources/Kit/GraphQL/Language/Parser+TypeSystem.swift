extension Parser {
    /// Reads a definition of a schema document from its keyword on (section 3); nil where the name is no keyword.
    mutating func typeSystemDefinition(
        description: String?,
        offset: Int,
        isExtension: Bool
    ) throws(GraphQLError) -> TypeSystemDefinition? {
        guard let kind = TypeSystemDefinition.Kind(rawValue: text(token)), !(isExtension && kind == .directive) else {
            return nil
        }
        try advance()
        var node = TypeSystemDefinition(kind: kind, isExtension: isExtension, offset: offset)
        node.description = description
        switch kind {
        case .schema: try schema(&node)
        case .directive: try directive(&node)
        default: try type(&node)
        }
        if isExtension, node.isEmpty { throw unexpected() }
        return node
    }

    private mutating func schema(_ node: inout TypeSystemDefinition) throws(GraphQLError) {
        node.directives = try directives(isConstant: true)
        if node.isExtension, token.kind != .openBrace { return }
        node.operations = try many(.openBrace, .closeBrace) { parser throws(GraphQLError) in
            let kind = try parser.operationKind()
            try parser.expect(.colon)
            return (kind, try parser.name())
        }
    }

    private mutating func directive(_ node: inout TypeSystemDefinition) throws(GraphQLError) {
        try expect(.at)
        node.name = try name()
        node.inputs = try inputValues(.openParenthesis, .closeParenthesis)
        if isAt(keyword: "repeatable") {
            try advance()
            node.isRepeatable = true
        }
        try expect(keyword: "on")
        _ = try skip(.pipe)
        repeat {
            guard token.kind == .name, let location = DirectiveLocation(rawValue: text(token)) else {
                if token.kind != .name { _ = try name() }
                throw unexpected()
            }
            node.locations.append(location)
            try advance()
        } while try skip(.pipe)
    }

    private mutating func type(_ node: inout TypeSystemDefinition) throws(GraphQLError) {
        node.name = try name()
        if node.kind == .type || node.kind == .interface, isAt(keyword: "implements") {
            try advance()
            node.types = try names(separatedBy: .ampersand)
        }
        node.directives = try directives(isConstant: true)
        switch node.kind {
        case .type, .interface:
            node.fields = try optionalMany(.openBrace, .closeBrace) { parser throws(GraphQLError) in
                try parser.fieldDefinition()
            }
        case .union: node.types = try skip(.equals) ? try names(separatedBy: .pipe) : []
        case .enumeration:
            node.values = try optionalMany(.openBrace, .closeBrace) { parser throws(GraphQLError) in
                try parser.enumValueDefinition()
            }
        case .input: node.inputs = try inputValues(.openBrace, .closeBrace)
        default: break
        }
    }

    private mutating func names(separatedBy separator: Token.Kind) throws(GraphQLError) -> [Name] {
        _ = try skip(separator)
        var names: [Name] = []
        repeat { names.append(try name()) } while try skip(separator)
        return names
    }

    private mutating func fieldDefinition() throws(GraphQLError) -> FieldNode {
        let description = try description()
        let name = try name()
        let arguments = try inputValues(.openParenthesis, .closeParenthesis)
        try expect(.colon)
        let type = try type()
        return FieldNode(
            description: description,
            name: name,
            arguments: arguments,
            type: type,
            directives: try directives(isConstant: true)
        )
    }

    private mutating func inputValues(
        _ open: Token.Kind,
        _ close: Token.Kind
    ) throws(GraphQLError) -> [InputValueNode] {
        try optionalMany(open, close) { parser throws(GraphQLError) in try parser.inputValue() }
    }

    private mutating func inputValue() throws(GraphQLError) -> InputValueNode {
        let description = try description()
        let name = try name()
        try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return InputValueNode(
            description: description,
            name: name,
            type: type,
            defaultValue: defaultValue,
            directives: try directives(isConstant: true)
        )
    }

    private mutating func enumValueDefinition() throws(GraphQLError) -> EnumValueNode {
        let description = try description()
        if token.kind == .name, ["true", "false", "null"].contains(text(token)) {
            throw error("Name '\(text(token))' is reserved and cannot be used for an enum value.", at: token.start)
        }
        return EnumValueNode(
            description: description,
            name: try name(),
            directives: try directives(isConstant: true)
        )
    }
}
