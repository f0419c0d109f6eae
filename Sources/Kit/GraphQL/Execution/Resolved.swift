public import JSON

/// What a resolver gives for one object: null, a value, a list, or a failure in the place of any of them.
public enum Resolved<Value> {
    /// Nothing.
    case null
    /// One value.
    case value(Value)
    /// A list, which may hold lists.
    case list([Resolved<Value>])
    /// Why it could not be got; the field, or the element of a list, is null for it.
    case failure(any Error)

    /// A list of values without null.
    ///
    /// Short for ``list(_:)`` of ``value(_:)``.
    @inlinable
    public static func values(_ values: [Value]) -> Resolved<Value> {
        .list(values.map { .value($0) })
    }

    /// The value, or null for nil.
    ///
    /// For what may be missing.
    @inlinable
    public static func optional(_ value: Value?) -> Resolved<Value> {
        value.map { .value($0) } ?? .null
    }
}

/// An object where a field can give several types: the object with the name of its type (section 6.4.3,
/// ResolveAbstractType).
public struct AbstractObject {
    let type: String
    let object: Any

    /// Names the type of an object.
    ///
    /// The object must be of the Swift type for which that object type was built.
    public init(_ object: Any, type: String) {
        self.object = object
        self.type = type
    }
}

/// A value in a column: what a field gave for one object, with places in groups for objects.
@usableFromInline
enum Cell {
    case null
    case leaf(JSONValue)
    case object(group: Int, row: Int)
    case list([Cell])
    case failure(any Error)
}

/// The objects of one scope: an array of a Swift type that only resolvers know.
@usableFromInline
struct ObjectColumn {
    /// An array of `count` objects.
    @usableFromInline let objects: Any
    @usableFromInline let count: Int

    @inlinable
    init(objects: Any, count: Int) {
        self.objects = objects
        self.count = count
    }
}

/// What a field gave for all objects of its scope.
///
/// Objects below are taken out of their lists and stand in one array for each type, so that the next level is resolved
/// in one go too; cells say where each has come from.
@usableFromInline
struct ResolvedColumn {
    @usableFromInline
    struct Group {
        @usableFromInline let type: String
        /// The objects, in an array of their Swift type, or of `Any` where the field can give several types.
        @usableFromInline let column: ObjectColumn
        @usableFromInline let isErased: Bool

        @inlinable
        init(type: String, column: ObjectColumn, isErased: Bool) {
            self.type = type
            self.column = column
            self.isErased = isErased
        }
    }

    @usableFromInline var cells: [Cell] = []
    @usableFromInline var groups: [Group] = []

    @inlinable
    init(cells: [Cell]) {
        self.cells = cells
    }

    /// Takes what an object field of one type gave.
    @inlinable
    init<Value>(_ resolved: [Resolved<Value>], type: String) {
        var objects: [Value] = []
        objects.reserveCapacity(resolved.count)
        cells.reserveCapacity(resolved.count)
        for element in resolved {
            cells.append(
                element.cell { value in
                    objects.append(value)
                    return .object(group: 0, row: objects.count - 1)
                }
            )
        }
        if objects.isEmpty { return }
        groups = [Group(type: type, column: ObjectColumn(objects: objects, count: objects.count), isErased: false)]
    }

    /// Takes what a field of an interface or union gave, and puts the objects into one group for each type.
    @usableFromInline
    init(_ resolved: [Resolved<AbstractObject>]) {
        var names: [String] = []
        var objects: [[Any]] = []
        var index: [String: Int] = [:]
        for element in resolved {
            cells.append(
                element.cell { value in
                    let group = index[value.type] ?? names.count
                    if group == names.count {
                        index[value.type] = group
                        names.append(value.type)
                        objects.append([])
                    }
                    objects[group].append(value.object)
                    return .object(group: group, row: objects[group].count - 1)
                }
            )
        }
        groups = zip(names, objects).map { name, objects in
            Group(type: name, column: ObjectColumn(objects: objects, count: objects.count), isErased: true)
        }
    }
}

extension Resolved {
    /// The same in a column; `place` says where values go.
    @inlinable
    func cell(_ place: (Value) -> Cell) -> Cell {
        switch self {
        case .null: .null
        case .failure(let error): .failure(error)
        case .list(let elements): .list(elements.map { $0.cell(place) })
        case .value(let value): place(value)
        }
    }
}
