/// What a value is, for who knows what it should be; nil for a value of another shape.
extension JSONValue {
    /// The text of a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// An integer that fits in 64 bits with a sign.
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }

    /// An object.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The elements of an array; none for a value of another shape.
    public var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    /// The member of an object of that name, where it has one.
    public subscript(_ name: String) -> JSONValue? { object?[name] }
}
