/// What kind of value a key takes, with its bounds.
enum ConfigurationKind: Sendable, Equatable {
    case boolean
    case integer(ClosedRange<Int>)
    case duration(nanoseconds: ClosedRange<Int64>)
    case size(bytes: ClosedRange<Int>)
    case text
    case path
    case choice([String])
    case list

    /// What must be written, with article: "an integer from 1 to 1024".
    var expectation: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "an integer \(bounds)"
        case .duration: "a duration \(bounds), such as 500ms, 30s or 14d"
        case .size: "a size \(bounds), such as 512B, 64KiB or 1GiB"
        case .text: "text"
        case .path: "a path; a relative one begins at the data directory"
        case .choice(let choices): "one of " + choices.joined(separator: ", ")
        case .list: "a list of texts"
        }
    }

    /// The bounds of a number: "from 1 to 1024"; empty for other kinds.
    var bounds: String {
        switch self {
        case .integer(let range):
            "from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "from \(DurationText.write(nanoseconds: range.lowerBound)) "
                + "to \(DurationText.write(nanoseconds: range.upperBound))"
        case .size(let range):
            "from \(SizeText.write(bytes: range.lowerBound)) to \(SizeText.write(bytes: range.upperBound))"
        case .boolean, .text, .path, .choice, .list: ""
        }
    }

    /// Whether a value is of this kind and within its bounds.
    func holds(_ value: ConfigurationValue) -> Bool {
        switch (self, value) {
        case (.boolean, .boolean), (.text, .text), (.path, .text), (.list, .list): true
        case (.integer(let range), .integer(let value)): range.contains(value)
        case (.duration(let range), .duration(let value)): range.contains(value)
        case (.size(let range), .size(let value)): range.contains(value)
        case (.choice(let choices), .text(let value)): choices.contains(value)
        default: false
        }
    }

    /// The nearest value within the bounds; what has no bounds comes back as it is.
    func clamped(_ value: ConfigurationValue) -> ConfigurationValue {
        switch (self, value) {
        case (.integer(let range), .integer(let value)):
            .integer(min(max(value, range.lowerBound), range.upperBound))
        case (.duration(let range), .duration(let value)):
            .duration(nanoseconds: min(max(value, range.lowerBound), range.upperBound))
        case (.size(let range), .size(let value)):
            .size(bytes: min(max(value, range.lowerBound), range.upperBound))
        default: value
        }
    }
}
