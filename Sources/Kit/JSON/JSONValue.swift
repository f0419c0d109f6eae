/// A JSON value of any shape.
///
/// Two values are equal if they read the same: strings by their code points (not by canonical equivalence, so a
/// precomposed and a decomposed letter differ) and objects with their members in the same order. An integer never
/// equals a `number`.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent that fits in 64 bits with a sign; exact, and `-0` is 0.
    case integer(Int64)
    /// A number without fraction and exponent from 2^63 to 2^64 - 1; exact.
    case unsigned(UInt64)
    /// Any other number, rounded to the nearest double; never NaN or infinite when it was read.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object, with its members in the order of the text.
    case object(JSONObject)
}

extension JSONValue: Equatable {
    /// Whether two values read the same.
    ///
    /// See ``JSONValue`` for what that means.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.unsigned(let left), .unsigned(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONValue: JSONWritable {
    /// Writes the value without white space.
    ///
    /// A `number` that is NaN or infinite, which no text can give, is written as `null`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .unsigned(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .array(let elements): elements.write(to: &writer)
        case .object(let object): object.write(to: &writer)
        }
    }
}

extension String {
    /// Whether two strings have the same code points; `==` would also take canonically equivalent ones for equal.
    @inlinable
    func hasSameBytes(as other: String) -> Bool {
        let left = utf8.span
        let right = other.utf8.span
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
