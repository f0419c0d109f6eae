public import JSON

/// What a JSON value or a parameter is like, declared once: validation and documentation come from it.
public enum ValueSchema: Sendable {
    /// A string of so many Unicode code points, without U+0000 (which PostgreSQL cannot store).
    case string(length: ClosedRange<Int>, format: String? = nil)
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// True or false.
    case boolean
    /// One of these strings.
    case choice([String])
    /// So many objects of this kind.
    case objects(ObjectSchema, count: ClosedRange<Int>)

    // What only answers are made of; documentation describes it, and tests hold answers against it.

    /// An id in its lower-case text form (RFC 9562).
    case uuid
    /// A point in time (RFC 3339).
    case dateTime
    /// A day: `2026-01-31`.
    case date
    /// The value, or null.
    indirect case nullable(ValueSchema)
    /// So many of these values.
    indirect case array(of: ValueSchema, count: ClosedRange<Int> = 0...Int.max)
    /// An object with these members.
    case object(ObjectShape)
    /// A value of at least one of these kinds.
    indirect case anyOf([ValueSchema])
    /// Any value.
    case any

    /// Says what is wrong with a value, or nil where nothing is.
    public func violation(of value: JSONValue) -> String? {
        switch (self, value) {
        case (.string(let length, _), .string(let text)):
            return Self.violation(ofText: text, length: length)
        case (.string, _):
            return "must be a string"
        case (.integer(let range), .integer(let number)):
            return range.contains(number) ? nil : Self.outside(range)
        case (.integer(let range), .unsigned):
            return Self.outside(range)
        case (.integer, _):
            return "must be a whole number"
        case (.boolean, .bool):
            return nil
        case (.boolean, _):
            return "must be true or false"
        case (.choice(let choices), .string(let text)):
            return choices.contains(text) ? nil : Self.oneOf(choices)
        case (.choice(let choices), _):
            return Self.oneOf(choices)
        case (.objects(_, let count), .array(let elements)):
            return Self.violation(ofCount: elements.count, count)
        case (.array(let schema, let count), .array(let elements)):
            return Self.violation(ofCount: elements.count, count)
                ?? elements.lazy.compactMap { schema.violation(of: $0) }.first
        case (.objects, _), (.array, _):
            return "must be an array"
        case (.uuid, _), (.dateTime, _), (.date, _):
            guard case .string(let text) = value, isWellFormed(text) else { return "must be \(kind)" }
            return nil
        case (.nullable, .null), (.any, _):
            return nil
        case (.nullable(let schema), _):
            return schema.violation(of: value)
        case (.object(let shape), .object(let object)):
            return shape.violation(of: object)
        case (.object, _):
            return "must be an object"
        case (.anyOf(let schemas), _):
            return schemas.contains { $0.violation(of: value) == nil }
                ? nil : schemas.compactMap { $0.violation(of: value) }.joined(separator: ", or ")
        }
    }

    /// A value of this kind, where its members or elements have examples of their own; else nil.
    public var example: JSONValue? {
        switch self {
        case .object(let shape): shape.example
        case .objects(let schema, _): .array([schema.shape.example(of: \.isRequired)])
        case .array(let schema, _): schema.example.map { .array([$0]) }
        case .nullable(let schema): schema.example
        case .anyOf(let schemas): schemas.lazy.compactMap(\.example).first
        default: nil
        }
    }

    /// Reads the text of a parameter as a value of this kind, or gives nil where it is none.
    func value(ofText text: String) -> JSONValue? {
        switch self {
        case .string, .choice, .uuid, .dateTime, .date, .any: .string(text)
        // Int64(_:) would also take a "+".
        case .integer: text.hasPrefix("+") ? nil : Int64(text).map(JSONValue.integer)
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .nullable(let schema): schema.value(ofText: text)
        case .objects, .array, .object, .anyOf: nil
        }
    }

    /// What a text that is no value of this kind is told.
    var kindViolation: String {
        violation(of: .null) ?? "is not valid"
    }

    private var kind: String {
        switch self {
        case .uuid: "a UUID in lower case"
        case .dateTime: "a date and time as in RFC 3339"
        default: "a date such as 2026-01-31"
        }
    }

    private func isWellFormed(_ text: String) -> Bool {
        switch self {
        case .uuid:
            let hyphens = [8, 13, 18, 23]
            return text.utf8.count == 36
                && text.utf8.enumerated().allSatisfy { index, byte in
                    hyphens.contains(index)
                        ? byte == UInt8(ascii: "-") : "0123456789abcdef".utf8.contains(byte)
                }
        case .dateTime: return RFC3339.microseconds(text) != nil
        default: return text.utf8.count == 10 && RFC3339.microseconds("\(text)T00:00:00Z") != nil
        }
    }

    private static func violation(ofText text: String, length: ClosedRange<Int>) -> String? {
        // The bytes bound the code points from both sides, so that a huge text is not counted.
        let bytes = text.utf8.count
        let count = bytes / 4 > length.upperBound ? bytes : text.unicodeScalars.count
        if count == 0, length.lowerBound > 0 { return "must not be empty" }
        if count < length.lowerBound { return "must have at least \(length.lowerBound) characters" }
        if count > length.upperBound { return "must have at most \(length.upperBound) characters" }
        if text.utf8.contains(0) { return "must not contain U+0000" }
        return nil
    }

    private static func violation(ofCount number: Int, _ count: ClosedRange<Int>) -> String? {
        count.contains(number) ? nil : "must have \(count.lowerBound) to \(count.upperBound) elements"
    }

    private static func outside(_ range: ClosedRange<Int64>) -> String {
        range.upperBound == .max
            ? "must be \(range.lowerBound) or more" : "must be from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func oneOf(_ choices: [String]) -> String {
        "must be one of: \(choices.joined(separator: ", "))"
    }
}
