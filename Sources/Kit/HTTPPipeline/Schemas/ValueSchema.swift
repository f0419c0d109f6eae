public import JSON

/// What a JSON value or a parameter must be, declared once: validation and documentation come from it.
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
            return count.contains(elements.count)
                ? nil : "must have \(count.lowerBound) to \(count.upperBound) elements"
        case (.objects, _):
            return "must be an array"
        }
    }

    /// Reads the text of a parameter as a value of this kind, or gives nil where it is none.
    func value(ofText text: String) -> JSONValue? {
        switch self {
        case .string, .choice: .string(text)
        // Int64(_:) would also take a "+".
        case .integer: text.hasPrefix("+") ? nil : Int64(text).map(JSONValue.integer)
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .objects: nil
        }
    }

    /// What a text that is no value of this kind is told.
    var kindViolation: String {
        violation(of: .null) ?? "is not valid"
    }

    private static func violation(ofText text: String, length: ClosedRange<Int>) -> String? {
        // The bytes bound the code points from both sides, so that a huge text is not counted.
        let bytes = text.utf8.count
        let count = bytes > 4 * length.upperBound ? bytes : text.unicodeScalars.count
        if count == 0, length.lowerBound > 0 { return "must not be empty" }
        if count < length.lowerBound { return "must have at least \(length.lowerBound) characters" }
        if count > length.upperBound { return "must have at most \(length.upperBound) characters" }
        if text.utf8.contains(0) { return "must not contain U+0000" }
        return nil
    }

    private static func outside(_ range: ClosedRange<Int64>) -> String {
        range.upperBound == .max
            ? "must be \(range.lowerBound) or more" : "must be from \(range.lowerBound) to \(range.upperBound)"
    }

    private static func oneOf(_ choices: [String]) -> String {
        "must be one of: \(choices.joined(separator: ", "))"
    }
}
