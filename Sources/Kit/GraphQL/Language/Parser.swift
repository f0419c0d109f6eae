/// Reads the grammar of documents by recursive descent (appendix B); nesting bounds the recursion.
struct Parser {
    private var lexer: Lexer
    private let limits: SyntaxLimits
    private(set) var token = Token(.end, 0, 0)
    private(set) var tokenCount = 0
    private var nesting = 0

    init(_ lexer: Lexer, limits: SyntaxLimits) {
        self.lexer = lexer
        self.limits = limits
    }

    mutating func document() throws(GraphQLError) -> [Definition] {
        try advance()
        var definitions: [Definition] = []
        repeat { definitions.append(try definition()) } while token.kind != .end
        return definitions
    }

    private mutating func definition() throws(GraphQLError) -> Definition {
        if token.kind == .openBrace { return .operation(try operation(offset: token.start)) }
        let first = token
        let description = try description()
        guard token.kind == .name else {
            if description != nil, token.kind == .openBrace {
                throw error(
                    "Unexpected description, descriptions are not supported on shorthand queries.",
                    at: first.start
                )
            }
            throw unexpected()
        }
        switch text(token) {
        case "query", "mutation", "subscription": return .operation(try operation(offset: first.start))
        case "fragment": return .fragment(try fragmentDefinition(offset: first.start))
        case "extend" where description == nil:
            try advance()
            guard token.kind == .name,
                let definition = try typeSystemDefinition(description: nil, offset: first.start, isExtension: true)
            else { throw unexpected() }
            return .typeSystem(definition)
        default:
            if let definition = try typeSystemDefinition(
                description: description,
                offset: first.start,
                isExtension: false
            ) {
                return .typeSystem(definition)
            }
            if description != nil {
                throw error(
                    "Unexpected description, only GraphQL definitions support descriptions.",
                    at: first.start
                )
            }
            throw unexpected()
        }
    }
}

// MARK: - Operations and fragments

extension Parser {
    private mutating func operation(offset: Int) throws(GraphQLError) -> OperationDefinition {
        var kind = OperationKind.query
        var name: Name?
        var variables: [VariableDefinition] = []
        var directives: [Directive] = []
        if token.kind != .openBrace {
            kind = try operationKind()
            if token.kind == .name { name = try self.name() }
            variables = try optionalMany(.openParenthesis, .closeParenthesis) { parser throws(GraphQLError) in
                try parser.variableDefinition()
            }
            directives = try self.directives(isConstant: false)
        }
        let selectionsOffset = token.start
        let selections = try selectionSet()
        return OperationDefinition(
            kind: kind,
            name: name,
            variables: variables,
            directives: directives,
            selections: selections,
            offset: offset,
            selectionsOffset: selectionsOffset
        )
    }

    mutating func operationKind() throws(GraphQLError) -> OperationKind {
        guard token.kind == .name else { throw expected(.name) }
        guard let kind = OperationKind(rawValue: text(token)) else { throw unexpected() }
        try advance()
        return kind
    }

    private mutating func variableDefinition() throws(GraphQLError) -> VariableDefinition {
        let offset = token.start
        _ = try description()
        try expect(.dollar)
        let name = try name()
        try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        let directives = try directives(isConstant: true)
        return VariableDefinition(
            name: name,
            type: type,
            defaultValue: defaultValue,
            directives: directives,
            offset: offset
        )
    }

    private mutating func fragmentDefinition(offset: Int) throws(GraphQLError) -> FragmentDefinition {
        try advance()
        let name = try fragmentName()
        try expect(keyword: "on")
        let condition = try self.name()
        let directives = try directives(isConstant: false)
        let selections = try selectionSet()
        return FragmentDefinition(
            name: name,
            condition: condition,
            directives: directives,
            selections: selections,
            offset: offset
        )
    }

    private mutating func fragmentName() throws(GraphQLError) -> Name {
        if isAt(keyword: "on") { throw unexpected() }
        return try name()
    }

    private mutating func selectionSet() throws(GraphQLError) -> [Selection] {
        try enter()
        let selections = try many(.openBrace, .closeBrace) { parser throws(GraphQLError) in try parser.selection() }
        leave()
        return selections
    }

    private mutating func selection() throws(GraphQLError) -> Selection {
        token.kind == .spread ? try fragment() : .field(try field())
    }

    private mutating func field() throws(GraphQLError) -> Field {
        var name = try name()
        var alias: Name?
        if try skip(.colon) {
            alias = name
            name = try self.name()
        }
        let arguments = try arguments(isConstant: false)
        let directives = try directives(isConstant: false)
        let selectionsOffset = token.start
        return Field(
            alias: alias,
            name: name,
            arguments: arguments,
            directives: directives,
            selections: token.kind == .openBrace ? try selectionSet() : nil,
            selectionsOffset: selectionsOffset
        )
    }

    private mutating func fragment() throws(GraphQLError) -> Selection {
        let offset = token.start
        try expect(.spread)
        let isConditional = isAt(keyword: "on")
        if !isConditional, token.kind == .name {
            let name = try fragmentName()
            return .spread(FragmentSpread(name: name, directives: try directives(isConstant: false), offset: offset))
        }
        if isConditional { try advance() }
        let condition = isConditional ? try name() : nil
        let directives = try directives(isConstant: false)
        let selections = try selectionSet()
        return .inline(
            InlineFragment(condition: condition, directives: directives, selections: selections, offset: offset)
        )
    }
}

// MARK: - Parts of many definitions

extension Parser {
    mutating func description() throws(GraphQLError) -> String? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let text = token.value
        try advance()
        return text
    }

    mutating func name() throws(GraphQLError) -> Name {
        guard token.kind == .name else { throw expected(.name) }
        let name = Name(text: text(token), offset: token.start)
        try advance()
        return name
    }

    mutating func directives(isConstant: Bool) throws(GraphQLError) -> [Directive] {
        var directives: [Directive] = []
        while token.kind == .at {
            let offset = token.start
            try advance()
            let name = try name()
            let arguments = try arguments(isConstant: isConstant)
            directives.append(Directive(name: name, arguments: arguments, offset: offset))
        }
        return directives
    }

    private mutating func arguments(isConstant: Bool) throws(GraphQLError) -> [Argument] {
        try optionalMany(.openParenthesis, .closeParenthesis) { parser throws(GraphQLError) in
            try parser.argument(isConstant: isConstant)
        }
    }

    private mutating func argument(isConstant: Bool) throws(GraphQLError) -> Argument {
        let name = try name()
        try expect(.colon)
        return Argument(name: name, value: try value(isConstant: isConstant))
    }

    mutating func type() throws(GraphQLError) -> TypeNode {
        let offset = token.start
        var reference: TypeReference
        var nameOffset = offset
        if token.kind == .openBracket {
            try advance()
            try enter()
            let inner = try type()
            leave()
            try expect(.closeBracket)
            reference = .list(inner.reference)
            nameOffset = inner.nameOffset
        } else {
            reference = .named(try name().text)
        }
        if try skip(.bang) { reference = .nonNull(reference) }
        return TypeNode(reference: reference, offset: offset, nameOffset: nameOffset)
    }

    mutating func value(isConstant: Bool) throws(GraphQLError) -> Value {
        let offset = token.start
        let kind: Value.Kind
        switch token.kind {
        case .openBracket:
            try enter()
            kind = .list(
                try any(.openBracket, .closeBracket) { parser throws(GraphQLError) in
                    try parser.value(isConstant: isConstant)
                }
            )
            leave()
            return Value(kind: kind, offset: offset)
        case .openBrace:
            try enter()
            kind = .object(
                try any(.openBrace, .closeBrace) { parser throws(GraphQLError) in
                    try parser.argument(isConstant: isConstant)
                }
            )
            leave()
            return Value(kind: kind, offset: offset)
        case .dollar:
            let dollar = token
            try advance()
            if isConstant, token.kind == .name {
                throw error("Unexpected variable '$\(text(token))' in constant value.", at: dollar.start)
            }
            if isConstant { throw error("Unexpected \(dollar.kind.name).", at: dollar.start) }
            return Value(kind: .variable(try name().text), offset: offset)
        case .int: kind = .int(text(token))
        case .float: kind = .float(text(token))
        case .string, .blockString: kind = .string(token.value)
        case .name:
            switch text(token) {
            case "true": kind = .bool(true)
            case "false": kind = .bool(false)
            case "null": kind = .null
            case let name: kind = .enumeration(name)
            }
        default: throw unexpected()
        }
        try advance()
        return Value(kind: kind, offset: offset)
    }
}

// MARK: - Tokens

extension Parser {
    typealias Part<Node> = (inout Parser) throws(GraphQLError) -> Node

    mutating func advance() throws(GraphQLError) {
        token = try lexer.next()
        guard token.kind != .end else { return }
        tokenCount += 1
        if tokenCount > limits.tokens {
            throw error("Document contains more than \(limits.tokens) tokens. Parsing aborted.", at: token.start)
        }
    }

    func text(_ token: Token) -> String {
        String(decoding: lexer.source[token.start..<token.end], as: UTF8.self)
    }

    mutating func expect(_ kind: Token.Kind) throws(GraphQLError) {
        guard token.kind == kind else { throw expected(kind) }
        try advance()
    }

    mutating func expect(keyword: String) throws(GraphQLError) {
        guard isAt(keyword: keyword) else { throw error("Expected '\(keyword)', found \(found).", at: token.start) }
        try advance()
    }

    func isAt(keyword: String) -> Bool {
        token.kind == .name && text(token) == keyword
    }

    mutating func skip(_ kind: Token.Kind) throws(GraphQLError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    /// None, or one or more between brackets.
    mutating func optionalMany<Node>(
        _ open: Token.Kind,
        _ close: Token.Kind,
        _ part: Part<Node>
    ) throws(GraphQLError) -> [Node] {
        token.kind == open ? try many(open, close, part) : []
    }

    /// One or more between brackets.
    mutating func many<Node>(
        _ open: Token.Kind,
        _ close: Token.Kind,
        _ part: Part<Node>
    ) throws(GraphQLError) -> [Node] {
        try expect(open)
        var nodes: [Node] = []
        repeat { nodes.append(try part(&self)) } while try !skip(close)
        return nodes
    }

    /// Any number between brackets.
    private mutating func any<Node>(
        _ open: Token.Kind,
        _ close: Token.Kind,
        _ part: Part<Node>
    ) throws(GraphQLError) -> [Node] {
        try expect(open)
        var nodes: [Node] = []
        while try !skip(close) { nodes.append(try part(&self)) }
        return nodes
    }

    private mutating func enter() throws(GraphQLError) {
        nesting += 1
        if nesting > limits.nesting {
            throw error("Document is nested deeper than \(limits.nesting) levels.", at: token.start)
        }
    }

    private mutating func leave() {
        nesting -= 1
    }

    /// The token as messages show it.
    private var found: String {
        switch token.kind {
        case .name, .int, .float: "\(token.kind.name) '\(text(token).prefix(64))'"
        case .string, .blockString: "\(token.kind.name) '\(token.value.prefix(64))'"
        default: token.kind.name
        }
    }

    func error(_ message: String, at offset: Int) -> GraphQLError {
        lexer.error(message, at: offset)
    }

    func unexpected() -> GraphQLError {
        error("Unexpected \(found).", at: token.start)
    }

    private func expected(_ kind: Token.Kind) -> GraphQLError {
        error("Expected \(kind.name), found \(found).", at: token.start)
    }
}
