/// A document that has been read: operations and fragments, or a schema (section 2.2).
public struct Document: Sendable {
    let source: [UInt8]
    let definitions: [Definition]

    /// The number of tokens.
    ///
    /// Comments and white space are none.
    public let tokenCount: Int

    /// Reads a document in one pass.
    ///
    /// Throws an error with its place for what is not one, and for what exceeds the limits. Neither time nor stack
    /// depend on anything but the number of bytes and ``SyntaxLimits/nesting``.
    public init(_ source: [UInt8], limits: SyntaxLimits = .init()) throws(GraphQLError) {
        if source.count > limits.bytes {
            throw GraphQLError("Syntax Error: Document has more than \(limits.bytes) bytes.")
        }
        if let offset = Self.firstFault(in: source) {
            throw GraphQLError("Syntax Error: Document is not UTF-8.", at: [offset], in: source)
        }
        var parser = Parser(Lexer(source), limits: limits)
        definitions = try parser.document()
        tokenCount = parser.tokenCount
        self.source = source
    }

    /// Reads a document that is given as text.
    ///
    /// The same as for bytes.
    public init(_ source: String, limits: SyntaxLimits = .init()) throws(GraphQLError) {
        try self.init(Array(source.utf8), limits: limits)
    }

    private static func firstFault(in source: [UInt8]) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: source.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}

extension Document {
    var operations: [OperationDefinition] {
        definitions.compactMap { if case .operation(let operation) = $0 { operation } else { nil } }
    }

    var fragments: [FragmentDefinition] {
        definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
    }

    /// The kinds of the operations, with their names.
    ///
    /// In the order of the document; for rules such as "only queries by GET".
    public var operationKinds: [(name: String?, kind: OperationKind)] {
        operations.map { ($0.name?.text, $0.kind) }
    }
}

/// What a document may cost to read.
///
/// Checked while it is read, so that what is too large is refused before it takes memory.
public struct SyntaxLimits: Sendable, Equatable {
    /// How many bytes it may have.
    ///
    /// 100 KiB by default.
    public var bytes: Int

    /// How many tokens it may have.
    ///
    /// 2,000 by default.
    public var tokens: Int

    /// How deep braces and brackets may be nested.
    ///
    /// At most 256 whatever is asked for, which bounds the stack; 64 by default.
    public var nesting: Int

    /// Makes limits.
    ///
    /// Without arguments those for requests of strangers.
    public init(bytes: Int = 100 << 10, tokens: Int = 2000, nesting: Int = 64) {
        self.bytes = bytes
        self.tokens = tokens
        self.nesting = min(nesting, 256)
    }

    /// For texts of one's own, such as the SDL of a schema.
    ///
    /// 16 MiB and a million tokens.
    public static let trusted = SyntaxLimits(bytes: 16 << 20, tokens: 1 << 20, nesting: 256)
}
