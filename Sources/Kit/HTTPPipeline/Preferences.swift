/// What a client would like but does not insist on (RFC 7240).
public struct Preferences: Sendable {
    private let values: [(name: String, value: String)]

    /// Reads the value of a Prefer field; what cannot be read is passed over, as the RFC has it.
    public init(_ field: String?) {
        values = (field ?? "").split(separator: ",").prefix(32).compactMap { element in
            // Parameters follow a semicolon; none is known here.
            let preference = element.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(MediaType.trimmed)
            guard let name = preference.first, !name.isEmpty else { return nil }
            return (name.lowercased(), preference.count == 2 ? String(preference[1].filter { $0 != "\"" }) : "")
        }
    }

    /// The value of a preference by its name in lower case, empty where it has none; the first one counts.
    public subscript(_ name: String) -> String? {
        values.first { $0.name == name }?.value
    }
}
