public import JSON

/// The arguments of a field, coerced to their types, with defaults filled in (section 6.4.1).
///
/// Enumerations are strings, lists are lists even where a client gave one value, and an argument that was neither given
/// nor has a default is absent.
public struct Arguments: Sendable, Equatable {
    /// Names with their values.
    ///
    /// In the order of the schema.
    public let values: JSONObject

    /// Makes arguments.
    ///
    /// For tests of resolvers; the executor makes them of documents.
    public init(_ values: JSONObject = JSONObject()) {
        self.values = values
    }

    /// The value of an argument.
    ///
    /// nil where it is absent; ``JSON/JSONValue/null`` where null was given.
    public subscript(_ name: String) -> JSONValue? { values[name] }

    /// A text, an id or the name of an enumeration's value.
    ///
    /// nil where it is absent, null or something else.
    public func string(_ name: String) -> String? {
        if case .string(let value)? = values[name] { value } else { nil }
    }

    /// A number without fraction.
    ///
    /// nil where it is absent, null or something else.
    public func integer(_ name: String) -> Int? {
        if case .integer(let value)? = values[name] { Int(exactly: value) } else { nil }
    }

    /// True or false.
    ///
    /// nil where it is absent, null or something else.
    public func bool(_ name: String) -> Bool? {
        if case .bool(let value)? = values[name] { value } else { nil }
    }

    /// An input object.
    ///
    /// nil where it is absent, null or something else.
    public func object(_ name: String) -> Arguments? {
        if case .object(let value)? = values[name] { Arguments(value) } else { nil }
    }
}
