/// Builds a schema together with what resolves its fields.
///
/// `Context` is what resolvers get beside object and arguments: who asks, and the services.
public struct SchemaBuilder<Context> {
    private let description: String?
    private var types: [NamedType] = []
    private var directives: [DirectiveDefinition] = []
    private var roots: [OperationKind: String] = [:]
    private var resolvers = ResolverTable()

    /// Begins a schema.
    ///
    /// `description` is what it is about.
    public init(description: String? = nil) {
        self.description = description
    }

    /// Adds an object type, whose objects are of a Swift type.
    ///
    /// The closure adds the fields. Interfaces must be named with those that they implement themselves.
    public mutating func object<Object>(
        _ name: String,
        of _: Object.Type,
        description: String? = nil,
        implements interfaces: [String] = [],
        _ fields: (inout ObjectTypeBuilder<Context, Object>) -> Void
    ) {
        var builder = ObjectTypeBuilder<Context, Object>()
        fields(&builder)
        types.append(
            NamedType(
                .object,
                name,
                description: description,
                fields: builder.definitions,
                interfaces: interfaces
            )
        )
        resolvers.add(name, builder.resolvers)
    }

    /// Adds the object type at which operations of a kind begin.
    ///
    /// It has one object, which is nothing.
    public mutating func root(
        _ kind: OperationKind,
        _ name: String,
        description: String? = nil,
        _ fields: (inout ObjectTypeBuilder<Context, Void>) -> Void
    ) {
        object(name, of: Void.self, description: description, fields)
        roots[kind] = name
    }

    /// Adds an interface.
    ///
    /// Fields that give one are resolved by ``ObjectTypeBuilder/abstract(_:_:description:arguments:deprecation:cost:_:)``.
    public mutating func interface(
        _ name: String,
        description: String? = nil,
        implements interfaces: [String] = [],
        fields: [FieldDefinition]
    ) {
        types.append(NamedType(.interface, name, description: description, fields: fields, interfaces: interfaces))
    }

    /// Adds a union of object types.
    ///
    /// Fields that give one are resolved by ``ObjectTypeBuilder/abstract(_:_:description:arguments:deprecation:cost:_:)``.
    public mutating func union(_ name: String, description: String? = nil, of members: [String]) {
        types.append(NamedType(.union, name, description: description, members: members))
    }

    /// Adds an enumeration.
    ///
    /// Resolvers give and get the names of its values as strings.
    public mutating func enumeration(_ name: String, description: String? = nil, values: [EnumValueDefinition]) {
        types.append(NamedType(.enumeration, name, description: description, values: values))
    }

    /// Adds an input object.
    ///
    /// With `isOneOf` a client must give exactly one of its fields.
    public mutating func input(
        _ name: String,
        description: String? = nil,
        isOneOf: Bool = false,
        fields: [InputValueDefinition]
    ) {
        types.append(NamedType(.inputObject, name, description: description, isOneOf: isOneOf, inputs: fields))
    }

    /// Adds a scalar.
    ///
    /// Resolvers give it as JSON, which is written as it is.
    public mutating func scalar(
        _ name: String,
        description: String? = nil,
        specifiedBy: String? = nil,
        _ coercion: ScalarCoercion
    ) {
        types.append(
            NamedType(.scalar, name, description: description, specifiedBy: specifiedBy, coercion: coercion)
        )
    }

    /// Makes the schema and checks it.
    ///
    /// Throws the first thing that is wrong with it, which is a fault of the program.
    public func build() throws(SchemaError) -> ExecutableSchema<Context> {
        let schema = try Schema(description: description, types: types, directives: directives, roots: roots)
        return ExecutableSchema(schema, resolvers)
    }
}
