public import JSON

/// Resolves a field for all objects of a scope.
///
/// It gets the context as anything: what executes knows nothing of it, and so need not be generic.
@usableFromInline
struct Resolver {
    let resolve: (ObjectColumn, Arguments, Any) throws -> ResolvedColumn

    @usableFromInline
    init(_ resolve: @escaping (ObjectColumn, Arguments, Any) throws -> ResolvedColumn) {
        self.resolve = resolve
    }
}

/// The resolvers of all fields, by type and name.
struct ResolverTable {
    private struct ObjectType {
        var fields: [String: Resolver] = [:]
        /// Makes the array of the type's objects; nil where one is of another Swift type.
        var column: ([Any]) -> ObjectColumn?
    }

    private var types: [String: ObjectType] = [:]

    subscript(_ type: String, _ field: String) -> Resolver? {
        get { types[type]?.fields[field] }
        set { types[type]?.fields[field] = newValue }
    }

    func column(_ objects: [Any], of type: String) -> ObjectColumn? {
        types[type]?.column(objects)
    }

    mutating func add<Context, Object>(_ type: String, _ fields: ResolverSet<Context, Object>) {
        types[type] = ObjectType(fields: fields.resolvers) { objects in
            let typed = objects.compactMap { $0 as? Object }
            return typed.count == objects.count ? ObjectColumn(objects: typed, count: typed.count) : nil
        }
    }
}

/// The resolvers of one object type, whose objects are of a Swift type.
///
/// Inlined where a schema is built, so that objects are handed on by code that knows their type.
@usableFromInline
struct ResolverSet<Context, Object> {
    @usableFromInline var resolvers: [String: Resolver] = [:]
    /// What stands for the object at which operations begin, where its type is also that of other objects.
    @usableFromInline let root: Object?

    @usableFromInline
    init(root: Object? = nil) {
        self.root = root
    }

    @inlinable
    mutating func leaf(_ name: String, _ value: @escaping (Object) throws -> JSONValue) {
        add(name) { objects, _, _ in
            var cells: [Cell] = []
            cells.reserveCapacity(objects.count)
            for object in objects {
                do { cells.append(.leaf(try value(object))) } catch { cells.append(.failure(error)) }
            }
            return ResolvedColumn(cells: cells)
        }
    }

    @inlinable
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

    @inlinable
    mutating func add(
        _ name: String,
        _ resolve: @escaping ([Object], Arguments, Context) throws -> ResolvedColumn
    ) {
        resolvers[name] = Resolver { [root] column, arguments, context in
            guard let context = context as? Context else { throw Self.mismatch(name, "context is") }
            if let root, column.objects is [Void] {
                return try resolve(Array(repeating: root, count: column.count), arguments, context)
            }
            guard let objects = column.objects as? [Object] else { throw Self.mismatch(name, "objects are") }
            return try resolve(objects, arguments, context)
        }
    }

    @usableFromInline
    static func mismatch(_ name: String, _ what: String) -> GraphQLError {
        GraphQLError("The \(what) of another type than that for which field '\(name)' was built.")
    }
}
