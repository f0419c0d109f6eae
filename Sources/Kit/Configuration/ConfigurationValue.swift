/// A checked value without its Swift type, as the table handles it.
enum ConfigurationValue: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int)
    case duration(nanoseconds: Int64)
    case size(bytes: Int)
    /// Also a path (absolute) and a choice.
    case text(String)
    case list([String])

    /// The value as people write it outside of YAML: in a listing, in an environment variable, in a message.
    var text: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .duration(let nanoseconds): DurationText.write(nanoseconds: nanoseconds)
        case .size(let bytes): SizeText.write(bytes: bytes)
        case .text(let value): value
        case .list(let values): values.joined(separator: ",")
        }
    }
}
