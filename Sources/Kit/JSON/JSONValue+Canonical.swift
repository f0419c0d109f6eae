extension JSONValue {
    /// The value as bytes that are the same for all texts that say the same.
    ///
    /// Members stand in the order of the bytes of their names, without white space; a number without a fraction is written
    /// as an integer where it is one exactly. In the spirit of RFC 8785, which sorts by UTF-16.
    public var canonicalBytes: [UInt8] {
        var writer = JSONWriter()
        canonical.write(to: &writer)
        return writer.bytes
    }

    private var canonical: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.members
                        .map { JSONObject.Member(name: $0.name, value: $0.value.canonical) }
                        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                )
            )
        case .array(let elements): .array(elements.map(\.canonical))
        case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? self
        case .null, .bool, .integer, .unsigned, .string: self
        }
    }
}
