/// Types, operations and directives, checked as a whole (section 3.3).
///
/// Never changes once made; all threads may use it.
public final class Schema: Sendable {
    /// What the schema is about, in Markdown.
    public let description: String?
    /// The types by their order: first those of the service, then the built-in ones.
    public let types: [NamedType]
    /// The directives: first the built-in ones.
    public let directives: [DirectiveDefinition]

    private let query: NamedType?
    private let mutation: NamedType?
    private let subscription: NamedType?
    private let typeIndex: [String: NamedType]
    private let directiveIndex: [String: DirectiveDefinition]
    private let possibleTypes: [String: Set<String>]
    private let possibleOrder: [String: [String]]

    /// Makes a schema and checks it (the type validation sections of section 3).
    ///
    /// Built-in scalars and directives are added. Throws the first thing that is wrong, as one sentence.
    public init(
        description: String? = nil,
        types: [NamedType],
        directives: [DirectiveDefinition] = [],
        roots: [OperationKind: String]
    ) throws(SchemaError) {
        let own = Set(types.map(\.name))
        self.description = description
        self.types = types + NamedType.builtInScalars.filter { !own.contains($0.name) } + Introspection.types
        let redefined = Set(directives.map(\.name))
        self.directives = DirectiveDefinition.builtIn.filter { !redefined.contains($0.name) } + directives
        typeIndex = Dictionary(self.types.map { ($0.name, $0) }) { first, _ in first }
        let index = typeIndex
        query = roots[.query].flatMap { index[$0] }
        mutation = roots[.mutation].flatMap { index[$0] }
        subscription = roots[.subscription].flatMap { index[$0] }
        directiveIndex = Dictionary(self.directives.map { ($0.name, $0) }) { first, _ in first }
        var order: [String: [String]] = [:]
        for type in self.types {
            if type.kind == .union { order[type.name] = type.members }
            if type.kind == .object { for name in type.interfaces { order[name, default: []].append(type.name) } }
        }
        possibleOrder = order
        possibleTypes = order.mapValues(Set.init)
        try SchemaCheck(self).run()
    }

    /// The type of that name.
    ///
    /// nil where there is none.
    public func type(_ name: String) -> NamedType? { typeIndex[name] }

    /// The directive of that name.
    ///
    /// nil where there is none.
    public func directive(_ name: String) -> DirectiveDefinition? { directiveIndex[name] }

    /// The type at which operations of a kind begin.
    ///
    /// nil where there is none.
    public func root(_ kind: OperationKind) -> NamedType? {
        switch kind {
        case .query: query
        case .mutation: mutation
        case .subscription: subscription
        }
    }
}

extension Schema {
    func type(of reference: TypeReference) -> NamedType? { typeIndex[reference.name] }

    /// The names of the object types that a value of this type can have (section 5.5.2.3, GetPossibleTypes).
    func possibleTypes(of type: NamedType) -> Set<String> {
        type.kind == .object ? [type.name] : possibleTypes[type.name] ?? []
    }

    /// The same in the order of the schema.
    func possibleTypeList(of type: NamedType) -> [String] {
        type.kind == .object ? [type.name] : possibleOrder[type.name] ?? []
    }

    func isPossible(_ object: String, for type: NamedType) -> Bool {
        type.name == object || possibleTypes[type.name]?.contains(object) == true
    }

    /// Whether every value of the first type is one of the second (section 3.6, IsSubType).
    func isSubtype(_ type: TypeReference, of other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)): return isSubtype(type, of: other)
        case (.nonNull(let type), _): return isSubtype(type, of: other)
        case (.list(let type), .list(let other)): return isSubtype(type, of: other)
        case (.named(let name), .named(let other)):
            if name == other { return true }
            guard let type = self.type(name), let other = self.type(other) else { return false }
            return type.interfaces.contains(other.name) && other.kind == .interface
                || isPossible(name, for: other) && other.kind.isAbstract
        default: return false
        }
    }

    /// The field of a type, with those that every type has (section 4.1).
    func field(_ name: String, of type: NamedType) -> FieldDefinition? {
        if let field = type.field(name) { return field }
        guard name.utf8.starts(with: "__".utf8) else { return nil }
        if name == "__typename" { return type.kind.isComposite ? Introspection.typename : nil }
        guard type === query else { return nil }
        return name == "__schema" ? Introspection.schema : name == "__type" ? Introspection.type : nil
    }
}

/// What is wrong with a schema.
public struct SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One English sentence.
    public let message: String

    /// The same as the message.
    public var description: String { message }

    init(_ message: String) {
        self.message = message
    }
}
