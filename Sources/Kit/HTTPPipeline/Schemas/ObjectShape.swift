public import JSON

/// The members of a JSON object as documentation shows them.
public struct ObjectShape: Sendable {
    /// A named value.
    public struct Member: Sendable {
        /// The name.
        public let name: String
        /// What the value is like.
        public let schema: ValueSchema
        /// One sentence for who reads the documentation; empty where the name says enough.
        public let about: String
        /// A value that could stand there, or nil.
        public let example: JSONValue?
        /// True where it is always there.
        public let isRequired: Bool

        /// Describes a member.
        public init(
            _ name: String,
            _ schema: ValueSchema,
            about: String = "",
            example: JSONValue? = nil,
            isRequired: Bool = true
        ) {
            self.name = name
            self.schema = schema
            self.about = about
            self.example = example
            self.isRequired = isRequired
        }
    }

    /// What the documentation calls it, so that it is described once; nil where it has no name of its own.
    public let name: String?
    /// The members, in their order.
    public let members: [Member]

    /// Describes an object.
    public init(_ name: String? = nil, _ members: [Member]) {
        self.name = name
        self.members = members
    }

    /// The object of all examples.
    public var example: JSONValue { example { _ in true } }

    /// The object of the examples of some members.
    public func example(of isShown: (Member) -> Bool) -> JSONValue {
        let shown = members.filter(isShown).compactMap { member in
            (member.example ?? member.schema.example).map { JSONObject.Member(name: member.name, value: $0) }
        }
        return .object(JSONObject(shown))
    }

    /// The same under another name, with members that may all be missing: what a client gets that has chosen some.
    public func partial(_ name: String?) -> ObjectShape {
        ObjectShape(
            name,
            members.map { Member($0.name, $0.schema, about: $0.about, example: $0.example, isRequired: false) }
        )
    }

    /// Says what is wrong with an object, or nil where nothing is; an unknown member is wrong.
    func violation(of object: JSONObject) -> String? {
        for member in members {
            guard let value = object[member.name] else {
                if member.isRequired { return "must have the member \(member.name)" }
                continue
            }
            if let violation = member.schema.violation(of: value) { return "\(member.name) \(violation)" }
        }
        let unknown = object.members.first { given in
            !members.contains { $0.name.utf8.elementsEqual(given.name.utf8) }
        }
        return unknown.map { "must not have the member \($0.name)" }
    }
}

extension ObjectSchema {
    /// The members as documentation shows them.
    public var shape: ObjectShape {
        ObjectShape(
            name,
            members.map {
                ObjectShape.Member($0.name, $0.schema, about: $0.about, example: $0.example, isRequired: $0.isRequired)
            }
        )
    }
}
