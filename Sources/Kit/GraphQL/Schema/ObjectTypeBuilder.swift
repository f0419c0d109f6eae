public import JSON

/// Builds the fields of an object type, whose objects are of a Swift type.
///
/// Every field is resolved once for all objects of its place in the answer. What is declared for one object is called in
/// a loop; what reads a store is declared for many, and so never asks once for each.
public struct ObjectTypeBuilder<Context, Object> {
    private(set) var definitions: [FieldDefinition] = []
    @usableFromInline var resolvers = ResolverSet<Context, Object>()

    init() {}

    /// Adds a field that is a scalar, an enumeration, or a list of them, and is read off the object.
    ///
    /// The value is held against the type when it is written.
    @inlinable
    public mutating func value(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        deprecation: String? = nil,
        _ resolve: @escaping (Object) throws -> JSONValue
    ) {
        define(name, type, description, [], deprecation, FieldCost())
        resolvers.leaf(name, resolve)
    }

    /// Adds a field that is a scalar, an enumeration, or a list of them, for many objects at once.
    ///
    /// One result for each object, in the same order.
    @inlinable
    public mutating func values(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        arguments: [InputValueDefinition] = [],
        deprecation: String? = nil,
        cost: FieldCost = .init(),
        _ resolve: @escaping ([Object], Arguments, Context) throws -> [Resolved<JSONValue>]
    ) {
        define(name, type, description, arguments, deprecation, cost)
        resolvers.add(name) { objects, arguments, context in
            ResolvedColumn(cells: try resolve(objects, arguments, context).map { $0.cell { .leaf($0) } })
        }
    }

    /// Adds a field that is an object, or a list of objects, for many objects at once.
    ///
    /// One result for each object, in the same order; what it gives must be of the Swift type for which the object type
    /// was built.
    @inlinable
    public mutating func objects<Value>(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        arguments: [InputValueDefinition] = [],
        deprecation: String? = nil,
        cost: FieldCost = .init(),
        _ resolve: @escaping ([Object], Arguments, Context) throws -> [Resolved<Value>]
    ) {
        define(name, type, description, arguments, deprecation, cost)
        resolvers.add(name) { objects, arguments, context in
            ResolvedColumn(try resolve(objects, arguments, context), type: type.name)
        }
    }

    /// Adds a field that is an object, or a list of objects, and is got for one object without a store.
    ///
    /// Such as a part of the object.
    @inlinable
    public mutating func object<Value>(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        deprecation: String? = nil,
        cost: FieldCost = .init(),
        _ resolve: @escaping (Object) throws -> Resolved<Value>
    ) {
        define(name, type, description, [], deprecation, cost)
        resolvers.object(name, of: type.name) { object, _ in try resolve(object) }
    }

    /// Adds a field of an interface or union, for many objects at once.
    ///
    /// One result for each object, in the same order, each object with the name of its type.
    @inlinable
    public mutating func abstract(
        _ name: String,
        _ type: TypeReference,
        description: String? = nil,
        arguments: [InputValueDefinition] = [],
        deprecation: String? = nil,
        cost: FieldCost = .init(),
        _ resolve: @escaping ([Object], Arguments, Context) throws -> [Resolved<AbstractObject>]
    ) {
        define(name, type, description, arguments, deprecation, cost)
        resolvers.add(name) { objects, arguments, context in
            ResolvedColumn(try resolve(objects, arguments, context))
        }
    }

    @usableFromInline
    mutating func define(
        _ name: String,
        _ type: TypeReference,
        _ description: String?,
        _ arguments: [InputValueDefinition],
        _ deprecation: String?,
        _ cost: FieldCost
    ) {
        definitions.append(
            FieldDefinition(
                name,
                type,
                description: description,
                arguments: arguments,
                deprecation: deprecation,
                cost: cost
            )
        )
    }
}
