public import JSON

/// One attribute of a resource: its name, its schema, an example, and how its value is written.
public struct Attribute<Resource>: Sendable {
    /// The name, which needs no escaping in JSON.
    public let name: String
    /// What every value is like.
    public let schema: ValueSchema
    /// One sentence for who reads the documentation; empty where the name says enough.
    public let about: String
    /// A value that could stand there.
    public let example: JSONValue
    /// The value itself, for interfaces that put it where no writer is; nil for parts with a representation of their own.
    public private(set) var value: (@Sendable (Resource) -> JSONValue)?
    /// What writes name and value.
    @usableFromInline let writer: AttributeWriter<Resource>

    /// Declares an attribute; `writeValue` writes exactly one value, which satisfies the schema.
    public init(
        _ name: String,
        _ schema: ValueSchema,
        _ about: String = "",
        example: JSONValue,
        writeValue: @escaping @Sendable (Resource, inout JSONWriter) -> Void
    ) {
        self.init(name, schema, about, example, isShown: nil, writeValue)
    }

    private init(
        _ name: String,
        _ schema: ValueSchema,
        _ about: String,
        _ example: JSONValue,
        isShown: (@Sendable (Resource) -> Bool)?,
        _ writeValue: @escaping @Sendable (Resource, inout JSONWriter) -> Void
    ) {
        self.name = name
        self.schema = schema
        self.about = about
        self.example = example
        writer = AttributeWriter(name: JSONMemberName(stringLiteral: name), isShown: isShown, writeValue: writeValue)
    }

    /// The same attribute with its value, which is the one that it writes.
    public func giving(_ value: @escaping @Sendable (Resource) -> JSONValue) -> Attribute {
        var attribute = self
        attribute.value = value
        return attribute
    }

    /// Whether resources are written that do not have it.
    public var mayBeMissing: Bool { writer.isShown != nil }

    /// The same attribute, left out where the condition does not hold.
    public func shown(where condition: @escaping @Sendable (Resource) -> Bool) -> Attribute {
        var attribute = Attribute(name, schema, about, example, isShown: condition, writer.writeValue)
        attribute.value = value
        return attribute
    }

    /// The same attribute of something that has such a resource as a part.
    public func of<Whole>(_ part: @escaping @Sendable (Whole) -> Resource) -> Attribute<Whole> {
        let (isShown, writeValue) = (writer.isShown, writer.writeValue)
        var condition: (@Sendable (Whole) -> Bool)?
        if let isShown { condition = { isShown(part($0)) } }
        var attribute = Attribute<Whole>(name, schema, about, example, isShown: condition) { whole, writer in
            writeValue(part(whole), &writer)
        }
        if let value { attribute.value = { value(part($0)) } }
        return attribute
    }

    /// Writes name and value as a member.
    public func write(_ resource: Resource, to writer: inout JSONWriter) { self.writer.write(resource, to: &writer) }
}

/// What writes one attribute.
@usableFromInline
struct AttributeWriter<Resource>: Sendable {
    @usableFromInline let name: JSONMemberName
    @usableFromInline let isShown: (@Sendable (Resource) -> Bool)?
    @usableFromInline let writeValue: @Sendable (Resource, inout JSONWriter) -> Void

    init(
        name: JSONMemberName,
        isShown: (@Sendable (Resource) -> Bool)?,
        writeValue: @escaping @Sendable (Resource, inout JSONWriter) -> Void
    ) {
        self.name = name
        self.isShown = isShown
        self.writeValue = writeValue
    }

    @inlinable
    func write(_ resource: Resource, to writer: inout JSONWriter) {
        if let isShown, !isShown(resource) { return }
        writer.member(name) { writeValue(resource, &$0) }
    }
}

// MARK: - Kinds of values

extension Attribute {
    /// A text.
    @inlinable
    public static func string(
        _ name: String,
        _ schema: ValueSchema,
        _ about: String = "",
        example: JSONValue,
        _ value: @escaping @Sendable (Resource) -> String
    ) -> Attribute {
        Attribute(name, schema, about, example: example) { $1.string(value($0)) }.giving { .string(value($0)) }
    }

    /// A text that clients may write too: name, schema and documentation are those of the member.
    @inlinable
    public static func string<Value>(
        _ member: Member<Value>,
        _ value: @escaping @Sendable (Resource) -> String
    ) -> Attribute {
        .string(member.name, member.schema, member.about, example: member.example ?? .null, value)
    }

    /// An id.
    @inlinable
    public static func uuid(
        _ name: String,
        _ about: String = "",
        example: JSONValue,
        _ value: @escaping @Sendable (Resource) -> String
    ) -> Attribute {
        .string(name, .uuid, about, example: example, value)
    }

    /// A point in time, in microseconds since the epoch.
    @inlinable
    public static func timestamp(
        _ name: String,
        _ about: String = "",
        example: JSONValue,
        _ microseconds: @escaping @Sendable (Resource) -> Int64
    ) -> Attribute {
        Attribute(name, .dateTime, about, example: example) { $1.timestamp(microseconds: microseconds($0)) }
            .giving { .string(RFC3339.string(microseconds: microseconds($0))) }
    }

    /// A point in time, or null.
    @inlinable
    public static func timestamp(
        nullable name: String,
        _ about: String = "",
        example: JSONValue,
        _ microseconds: @escaping @Sendable (Resource) -> Int64?
    ) -> Attribute {
        Attribute(name, .nullable(.dateTime), about, example: example) { resource, writer in
            guard let microseconds = microseconds(resource) else { return writer.null() }
            writer.timestamp(microseconds: microseconds)
        }.giving { microseconds($0).map { .string(RFC3339.string(microseconds: $0)) } ?? .null }
    }

    /// How many there are of something.
    @inlinable
    public static func count(
        _ name: String,
        _ about: String = "",
        example: JSONValue,
        _ value: @escaping @Sendable (Resource) -> Int
    ) -> Attribute {
        Attribute(name, .integer(0...Int64.max), about, example: example) { $1.integer(value($0)) }
            .giving { .integer(Int64(value($0))) }
    }

    /// True or false.
    @inlinable
    public static func boolean(
        _ name: String,
        _ about: String = "",
        example: JSONValue,
        _ value: @escaping @Sendable (Resource) -> Bool
    ) -> Attribute {
        Attribute(name, .boolean, about, example: example) { $1.bool(value($0)) }.giving { .bool(value($0)) }
    }

    /// A part with a representation of its own.
    public static func object<Part>(
        _ name: String,
        _ representation: Representation<Part>,
        _ about: String = "",
        _ value: @escaping @Sendable (Resource) -> Part
    ) -> Attribute {
        let shape = representation.shape
        return Attribute(name, .object(shape), about, example: shape.example) {
            representation.write(value($0), to: &$1)
        }
    }

    /// Parts with a representation of their own.
    public static func array<Part>(
        _ name: String,
        of representation: Representation<Part>,
        count: ClosedRange<Int> = 0...Int.max,
        _ about: String = "",
        _ value: @escaping @Sendable (Resource) -> [Part]
    ) -> Attribute {
        let shape = representation.shape
        return Attribute(
            name,
            .array(of: .object(shape), count: count),
            about,
            example: .array([shape.example])
        ) { resource, writer in
            writer.array { elements in
                for part in value(resource) { representation.write(part, to: &elements) }
            }
        }
    }
}
