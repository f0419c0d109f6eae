public import JSON

/// A schema with what resolves its fields.
///
/// Made by a ``SchemaBuilder``. It never changes; threads may share it where its resolvers allow that.
public struct ExecutableSchema<Context> {
    /// The schema.
    public let schema: Schema

    let resolvers: ResolverTable
    /// The object types with what resolves their fields, by identity.
    let types: [ObjectIdentifier: ExecutableType]

    init(_ schema: Schema, _ resolvers: ResolverTable) {
        self.schema = schema
        var resolvers = resolvers
        resolvers.addIntrospection(of: schema)
        self.resolvers = resolvers
        var types: [ObjectIdentifier: ExecutableType] = [:]
        for type in schema.types where type.kind == .object {
            types[ObjectIdentifier(type)] = ExecutableType(type, in: schema, resolvers)
        }
        self.types = types
    }

    /// Makes a schema whose fields are all resolved in one way, from objects of one Swift type.
    ///
    /// For tools and tests, with a schema in the schema definition language. `field` gives what an object has there,
    /// `leaf` the value where that is a scalar or enumeration, and `typeName` the name of its type where a field can
    /// give several. Roots get `root`.
    public init<Object>(
        _ schema: Schema,
        root: Object,
        field resolve: @escaping (Object, FieldDefinition, Arguments) -> Resolved<Object>,
        leaf: @escaping (Object) -> JSONValue,
        typeName: @escaping (Object) -> String
    ) {
        var table = ResolverTable()
        for type in schema.types where type.kind == .object && !Introspection.names.contains(type.name) {
            let isRoot = OperationKind.allCases.contains { schema.root($0)?.name == type.name }
            var fields = ResolverSet<Context, Object>(root: isRoot ? root : nil)
            for field in type.fields {
                let result = schema.type(of: field.type)
                let column = { (objects: [Object], arguments: Arguments) in
                    let resolved = objects.map { resolve($0, field, arguments) }
                    if result?.kind.isLeaf == true {
                        return ResolvedColumn(cells: resolved.map { $0.cell { .leaf(leaf($0)) } })
                    }
                    if result?.kind == .object { return ResolvedColumn(resolved, type: field.type.name) }
                    return ResolvedColumn(resolved.map { $0.map { AbstractObject($0, type: typeName($0)) } })
                }
                fields.add(field.name) { objects, arguments, _ in column(objects, arguments) }
            }
            table.add(type.name, fields)
        }
        self.init(schema, table)
    }
}

extension Resolved {
    fileprivate func map<Other>(_ transform: (Value) -> Other) -> Resolved<Other> {
        switch self {
        case .null: .null
        case .failure(let error): .failure(error)
        case .list(let elements): .list(elements.map { $0.map(transform) })
        case .value(let value): .value(transform(value))
        }
    }
}
