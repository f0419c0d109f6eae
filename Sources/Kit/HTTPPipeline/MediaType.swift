/// The media types that are written and understood, and what a client accepts of them (RFC 9110, section 12.5.1).
public enum MediaType {
    /// What answers carry.
    public static let json = "application/json; charset=utf-8"
    /// What errors carry for a client that prefers it (RFC 9457).
    public static let problem = "application/problem+json; charset=utf-8"

    /// The shape of errors that a client prefers.
    ///
    /// Problem details where it names them and ranks them no lower than `application/json`; else the envelope.
    public static func errorBody(accept: String?) -> ErrorBody {
        guard let accept else { return .envelope }
        let ranges = AcceptRange.list(accept)
        let problem = AcceptRange.quality(of: "application/problem+json", in: ranges, namedOnly: true)
        let json = AcceptRange.quality(of: "application/json", in: ranges, namedOnly: true)
        return problem > 0 && problem >= json ? .problem : .envelope
    }

    /// True where the client takes JSON; a missing field accepts everything, and so does one that cannot be read.
    ///
    /// A client that asks for problem details says how it wants errors; it takes JSON for the rest.
    public static func acceptsJSON(_ accept: String?) -> Bool {
        guard let accept else { return true }
        let ranges = AcceptRange.list(accept)
        if ranges.isEmpty { return true }
        return AcceptRange.quality(of: "application/json", in: ranges, namedOnly: false) > 0
            || AcceptRange.quality(of: "application/problem+json", in: ranges, namedOnly: true) > 0
    }

    /// The one of some media types that a client ranks highest, the first of those that it ranks alike.
    ///
    /// nil where it takes none of them. A missing field accepts everything, and so does one that cannot be read.
    public static func preferred(among offered: [String], accept: String?) -> String? {
        guard let accept else { return offered.first }
        let ranges = AcceptRange.list(accept)
        if ranges.isEmpty { return offered.first }
        let ranked = offered.map { (type: $0, quality: AcceptRange.quality(of: $0, in: ranges, namedOnly: false)) }
        let highest = ranked.reduce(0) { max($0, $1.quality) }
        return highest > 0 ? ranked.first { $0.quality == highest }?.type : nil
    }

    /// The type and subtype of a Content-Type, in lower case, without parameters.
    ///
    /// nil where it names a charset other than UTF-8: JSON has no other (RFC 8259, section 8.1).
    public static func essence(ofContentType value: String) -> String? {
        // What most clients send, without looking for parameters.
        if value == "application/json" || value == "application/json; charset=utf-8" { return "application/json" }
        let parts = value.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        for parameter in parts.dropFirst() where parameter.lowercased().hasPrefix("charset=") {
            let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }.lowercased()
            guard charset == "utf-8" else { return nil }
        }
        return parts.first?.lowercased()
    }

    static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}

/// One range of an Accept field with its weight.
struct AcceptRange {
    let type: String
    let subtype: String
    let quality: Double

    /// The ranges that can be read; others are passed over.
    static func list(_ field: String) -> [AcceptRange] {
        field.split(separator: ",").prefix(32).compactMap { element in
            let parts = element.split(separator: ";").map(MediaType.trimmed)
            guard let range = parts.first, let slash = range.firstIndex(of: "/") else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            return AcceptRange(
                type: range[..<slash].lowercased(),
                subtype: range[range.index(after: slash)...].lowercased(),
                quality: weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            )
        }
    }

    /// The weight of a media type: that of the most specific range which covers it, 0 where none does.
    static func quality(of mediaType: String, in ranges: [AcceptRange], namedOnly: Bool) -> Double {
        let parts = mediaType.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return 0 }
        if let exact = ranges.first(where: { $0.type == parts[0] && $0.subtype == parts[1] }) { return exact.quality }
        if namedOnly { return 0 }
        if let ofType = ranges.first(where: { $0.type == parts[0] && $0.subtype == "*" }) { return ofType.quality }
        return ranges.first { $0.type == "*" && $0.subtype == "*" }?.quality ?? 0
    }
}
