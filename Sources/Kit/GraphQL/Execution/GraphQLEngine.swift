internal import JSON

/// Takes requests to answers: reads, validates, remembers and executes documents.
///
/// Each thread has its own. Preparing is apart from executing, so that who calls can look at what an operation is and
/// what it costs before anything happens. Nothing blocks but what resolvers do.
public final class GraphQLEngine<Context> {
    /// The schema with its resolvers.
    public let schema: ExecutableSchema<Context>

    private let limits: OperationLimits
    private let cache: DocumentCache
    private let hashing: any DocumentHashing
    private let describe: (any Error) -> GraphQLError
    private var capacity = 512

    /// Makes an engine.
    ///
    /// `describe` says what a client is told of an error of a resolver that is no ``GraphQLError``; without it that is
    /// one sentence without any detail.
    public init(
        _ schema: ExecutableSchema<Context>,
        limits: OperationLimits = .init(),
        cache: DocumentCache,
        hashing: some DocumentHashing,
        describe: @escaping (any Error) -> GraphQLError = { _ in GraphQLError("An internal error occurred.") }
    ) {
        self.schema = schema
        self.limits = limits
        self.cache = cache
        self.hashing = hashing
        self.describe = describe
    }

    /// Reads and validates a request; does nothing yet.
    ///
    /// Throws what the client is told where it cannot be executed.
    public func prepare(_ request: GraphQLRequest) throws(RequestFailure) -> PreparedOperation {
        let document = try document(of: request)
        let definition = try operation(request.operationName, of: document)
        guard definition.kind != .subscription else {
            throw RequestFailure(.operation, [GraphQLError("Subscriptions are not supported.")])
        }
        let variables: [String: JSONValue]
        switch InputCoercion.variables(request.variables, of: definition, in: document.document, schema.schema) {
        case .success(let values): variables = values
        case .failure(let failure): throw RequestFailure(.variables, failure.errors)
        }
        var measure = CostMeasure(schema.schema, document.fragments, variables)
        let cost = measure.cost(of: definition.selections, in: schema.schema.root(definition.kind))
        if cost.nodes > limits.nodes {
            throw RequestFailure(
                .limit,
                [GraphQLError("The operation asks for up to \(cost.nodes) objects, more than \(limits.nodes).")]
            )
        }
        if cost.cost > limits.cost {
            throw RequestFailure(
                .limit,
                [GraphQLError("The operation costs up to \(cost.cost), more than \(limits.cost).")]
            )
        }
        return PreparedOperation(definition: definition, document: document, variables: variables, cost: cost)
    }

    /// The names of the fields that an operation selects at its root, each as often as it is resolved.
    ///
    /// For rules about single fields, such as how much work may be asked for at once. Empty where directives of a client
    /// cannot be evaluated, which executing tells too.
    public func rootFields(of operation: PreparedOperation) -> [String] {
        guard let type = schema.schema.root(operation.kind) else { return [] }
        var collection = FieldCollection(for: type, schema.schema, operation.fragments, operation.variables)
        do { try collection.collect(operation.definition.selections) } catch { return [] }
        return collection.groups.compactMap { $0.fields.first?.name.text }
    }

    /// Executes an operation that was prepared by this engine.
    ///
    /// `isExpired` is asked before each field of each scope; once it says yes, what is left fails.
    public func execute(
        _ operation: PreparedOperation,
        _ context: Context,
        isExpired: @escaping () -> Bool = { false }
    ) -> GraphQLResponse {
        let options = ExecutionOptions(maximumErrors: limits.errors, isExpired: isExpired, describe: describe)
        let execution = Execution(schema, operation, context, options)
        let root = execution.run()
        // An answer is about as long as the one before.
        var writer = JSONWriter(capacity: capacity)
        writer.object { writer in
            if !execution.errors.isEmpty { writer.member("errors", execution.errors) }
            writer.member("data") { writer in
                if let root { root.write(row: 0, to: &writer) } else { writer.null() }
            }
        }
        capacity = max(512, min(writer.count + 64, 64 << 10))
        return GraphQLResponse(body: writer.bytes, hasErrors: !execution.errors.isEmpty, dataIsNull: root == nil)
    }
}

// MARK: - The document

extension GraphQLEngine {
    private func document(of request: GraphQLRequest) throws(RequestFailure) -> ValidatedDocument {
        let named = try persistedHash(request.extensions)
        guard let query = request.query else {
            if let named, let document = cache.document(named) { return document }
            let code = JSONObject([.init(name: "code", value: "PERSISTED_QUERY_NOT_FOUND")])
            throw RequestFailure(
                .persistedQueryNotFound,
                [GraphQLError("PersistedQueryNotFound", extensions: code)]
            )
        }
        let source = Array(query.utf8)
        // What is too long is not hashed either.
        if source.count > limits.syntax.bytes {
            throw RequestFailure(
                .limit,
                [GraphQLError("Syntax Error: Document has more than \(limits.syntax.bytes) bytes.")]
            )
        }
        let hash = hashing.sha256(source)
        if let named, named != hash {
            throw RequestFailure(.parameters, [GraphQLError("The hash of the persisted query is not that of 'query'.")])
        }
        if let document = cache.document(hash) { return document }
        let document = ValidatedDocument(try validated(source))
        cache.insert(document, hash)
        return document
    }

    private func validated(_ source: [UInt8]) throws(RequestFailure) -> Document {
        let document: Document
        do { document = try Document(source, limits: limits.syntax) } catch { throw RequestFailure(.syntax, [error]) }
        let errors = schema.schema.validate(document, maximumErrors: limits.errors)
        if !errors.isEmpty { throw RequestFailure(.validation, errors.map(\.error)) }
        do { try DocumentMeasure.check(document, limits) } catch { throw RequestFailure(.limit, [error]) }
        return document
    }

    /// The hash that a client names (automatic persisted queries): 64 hexadecimal digits.
    private func persistedHash(_ extensions: JSONObject) throws(RequestFailure) -> [UInt8]? {
        guard let parameter = extensions["persistedQuery"], parameter != .null else { return nil }
        if case .object(let object) = parameter, object["version"] == 1,
            case .string(let text)? = object["sha256Hash"], let hash = Hexadecimal.bytes(text), hash.count == 32
        {
            return hash
        }
        throw RequestFailure(
            .parameters,
            [GraphQLError("The extension 'persistedQuery' must have the version 1 and a 'sha256Hash'.")]
        )
    }

    /// GetOperation (section 6.1).
    private func operation(
        _ name: String?,
        of document: ValidatedDocument
    ) throws(RequestFailure) -> OperationDefinition {
        let operations = document.operations
        if let name, !name.isEmpty {
            if let operation = operations.first(where: { $0.name?.text == name }) { return operation }
            throw RequestFailure(.operation, [GraphQLError("Unknown operation named '\(name.prefix(64))'.")])
        }
        guard let operation = operations.first else {
            throw RequestFailure(.operation, [GraphQLError("Must provide an operation.")])
        }
        if operations.count > 1 {
            throw RequestFailure(
                .operation,
                [GraphQLError("Must provide operation name if query contains multiple operations.")]
            )
        }
        return operation
    }
}

private enum Hexadecimal {
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = digit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        if Lexer.isDigit(character) { return character - UInt8(ascii: "0") }
        let letter = (character | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }
}
