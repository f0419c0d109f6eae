// Values as they stand in the source of a program: `["id": 1, "tags": ["a"]]`.

extension JSONValue: ExpressibleByStringLiteral {
    /// Takes a string literal as a string.
    ///
    /// Any text.
    public init(stringLiteral literal: String) { self = .string(literal) }
}

extension JSONValue: ExpressibleByStringInterpolation {}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// Takes an integer literal as an integer.
    ///
    /// Exact.
    public init(integerLiteral literal: Int64) { self = .integer(literal) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// Takes `true` or `false`.
    ///
    /// As the literal of JSON.
    public init(booleanLiteral literal: Bool) { self = .bool(literal) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// Takes an array literal as an array.
    ///
    /// In the same order.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Takes a dictionary literal as an object.
    ///
    /// The members keep their order; the names are not checked for being different.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }
}
