public import JSON

/// How a resource is shown, declared once: attribute by attribute, each with its name, its schema, an example and how
/// its value is written.
///
/// From this come the JSON of answers, whole or of chosen attributes, the names that a client may choose from, and what
/// the documentation says. Nothing in here knows of requests, so that another interface than REST can show the same.
public struct Representation<Resource>: Sendable {
    /// What the documentation calls it; nil where it is only a part of something.
    public let name: String?
    /// Counts up whenever the same resource begins to be written in another way, so that no client takes what it has
    /// stored for what it would get.
    public let version: Int
    /// The attributes, in the order in which they are written; at most 64.
    public let attributes: [Attribute<Resource>]
    /// What writes them, apart from all that only the documentation needs: copies of that would cost more than writing.
    @usableFromInline let writers: [AttributeWriter<Resource>]

    /// Declares how a resource is shown.
    public init(_ name: String? = nil, version: Int = 1, _ attributes: [Attribute<Resource>]) {
        self.name = name
        self.version = version
        self.attributes = attributes
        writers = attributes.map(\.writer)
    }

    /// Writes a resource as one object, with the chosen attributes.
    ///
    /// Costs no allocation beside those of the values.
    @inlinable
    public func write(
        _ resource: Resource,
        choosing selection: AttributeSelection = .all,
        to writer: inout JSONWriter
    ) {
        writer.object { members in
            let writers = writers.span
            for index in writers.indices where selection.contains(index) {
                writers[index].write(resource, to: &members)
            }
        }
    }

    /// The names of all attributes, in order.
    public var names: [String] { attributes.map(\.name) }

    /// Reads names with commas between them, or gives nil where one is unknown.
    public func selection(_ text: String) -> AttributeSelection? {
        var selection = AttributeSelection.none
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let index = attributes.firstIndex(where: { $0.name == name }) else { return nil }
            selection.insert(index)
        }
        return selection
    }

    /// The chosen names with commas between them.
    public func text(of selection: AttributeSelection) -> String {
        attributes.indices.filter(selection.contains).map { attributes[$0].name }.joined(separator: ",")
    }

    /// What the documentation shows, and what every written resource satisfies.
    public var shape: ObjectShape {
        ObjectShape(
            name,
            attributes.map { attribute in
                ObjectShape.Member(
                    attribute.name,
                    attribute.schema,
                    about: attribute.about,
                    example: attribute.example,
                    isRequired: !attribute.mayBeMissing
                )
            }
        )
    }

    /// The attributes as those of something that has such a resource as a part.
    public func attributes<Whole>(
        of part: @escaping @Sendable (Whole) -> Resource
    ) -> [Attribute<Whole>] {
        attributes.map { $0.of(part) }
    }
}

/// Some of the attributes of a representation, by their places.
public struct AttributeSelection: Sendable, Equatable {
    /// All of them.
    public static let all = AttributeSelection(bits: .max)
    /// None of them.
    public static let none = AttributeSelection(bits: 0)

    @usableFromInline var bits: UInt64

    /// Whether the attribute at that place is chosen.
    @inlinable
    public func contains(_ index: Int) -> Bool { bits & 1 << UInt64(index) != 0 }

    /// Chooses the attribute at that place as well.
    public mutating func insert(_ index: Int) { bits |= 1 << UInt64(index) }
}
