internal import JSON

/// Resolves a field for all objects of a scope.
struct Resolver<Context> {
    let resolve: (ObjectColumn, Arguments, Context) throws -> ResolvedColumn

    init(_ resolve: @escaping (ObjectColumn, Arguments, Context) throws -> ResolvedColumn) {
        self.resolve = resolve
    }
}

/// The resolvers of all fields, by type and name.
struct ResolverTable<Context> {
    private struct ObjectType {
        var fields: [String: Resolver<Context>] = [:]
        /// Makes the array of the type's objects; nil where one is of another Swift type.
        var column: ([Any]) -> ObjectColumn?
    }

    private var types: [String: ObjectType] = [:]

    subscript(_ type: String, _ field: String) -> Resolver<Context>? {
        get { types[type]?.fields[field] }
        set { types[type]?.fields[field] = newValue }
    }

    func column(_ objects: [Any], of type: String) -> ObjectColumn? {
        types[type]?.column(objects)
    }

    mutating func add<Object>(_ type: String, _ fields: ResolverSet<Context, Object>) {
        types[type] = ObjectType(fields: fields.resolvers) { objects in
            let typed = objects.compactMap { $0 as? Object }
            return typed.count == objects.count ? ObjectColumn(objects: typed, count: typed.count) : nil
        }
    }
}

/// The resolvers of one object type, whose objects are of a Swift type.
struct ResolverSet<Context, Object> {
    private(set) var resolvers: [String: Resolver<Context>] = [:]
    /// What stands for the object at which operations begin, where its type is also that of other objects.
    private let root: Object?

    init(root: Object? = nil) {
        self.root = root
    }

    mutating func leaf(_ name: String, _ value: @escaping (Object) throws -> JSONValue) {
        add(name) { objects, _, _ in
            ResolvedColumn(
                cells: objects.map { object in
                    do { return .leaf(try value(object)) } catch { return .failure(error) }
                }
            )
        }
    }

    mutating func object<Value>(
        _ name: String,
        of type: String,
        _ value: @escaping (Object, Arguments) throws -> Resolved<Value>
    ) {
        add(name) { objects, arguments, _ in
            ResolvedColumn(
                objects.map { object in
                    do { return try value(object, arguments) } catch { return .failure(error) }
                },
                type: type
            )
        }
    }

    mutating func add(
        _ name: String,
        _ resolve: @escaping ([Object], Arguments, Context) throws -> ResolvedColumn
    ) {
        resolvers[name] = Resolver { [root] column, arguments, context in
            if let root, column.objects is [Void] {
                return try resolve(Array(repeating: root, count: column.count), arguments, context)
            }
            guard let objects = column.objects as? [Object] else {
                throw GraphQLError("The objects of field '\(name)' are not of the type for which it was built.")
            }
            return try resolve(objects, arguments, context)
        }
    }
}
