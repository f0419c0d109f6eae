/// The members of a JSON object in their order.
///
/// A reader never gives two members of the same name; where code appends one, the first counts.
public struct JSONObject: Sendable, Equatable {
    /// A name with its value.
    ///
    /// Names are compared by code points.
    public struct Member: Sendable, Equatable {
        /// The name, without escapes.
        ///
        /// Any string, also an empty one.
        public var name: String

        /// The value.
        ///
        /// Of any shape.
        public var value: JSONValue

        /// Makes a member.
        ///
        /// Nothing is checked.
        @inlinable
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }

        /// Whether name and value are the same.
        ///
        /// See ``JSONValue`` for what that means.
        public static func == (left: Member, right: Member) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    /// The members in their order.
    ///
    /// Walk over these where every member must be looked at.
    public var members: [Member]

    /// Makes an object.
    ///
    /// The names are not checked for being different.
    @inlinable
    public init(_ members: [Member] = []) {
        self.members = members
    }

    /// The value of the member of that name, nil if there is none.
    ///
    /// Looks at one member after another: for a few known names this is fast, for many names go through `members`.
    @inlinable
    public subscript(_ name: String) -> JSONValue? {
        for member in members where member.name.hasSameBytes(as: name) { return member.value }
        return nil
    }
}

extension JSONObject: JSONWritable {
    /// Writes the object with its members in their order.
    ///
    /// Without white space.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for member in members { writer.member(escaping: member.name, member.value) }
        }
    }
}
