/// The Cookie field of a request (RFC 6265, section 4.2).
public enum CookieField {
    /// The value of the first cookie with exactly this name, or nil where there is none.
    ///
    /// Names are compared byte by byte, and nothing but the one space behind a semicolon is taken away: what trims more
    /// lets a page of a sibling domain forge a name with a prefix such as `__Host-`. The value is whatever stands
    /// there, quotes and all; who knows what it must be has to check it.
    public static func value(of name: String, in field: String) -> String? {
        let pairs = field.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        for (index, pair) in pairs.enumerated() {
            let pair = index > 0 && pair.first == UInt8(ascii: " ") ? pair.dropFirst() : pair
            guard pair.starts(with: name.utf8) else { continue }
            let rest = pair.dropFirst(name.utf8.count)
            guard rest.first == UInt8(ascii: "=") else { continue }
            return String(rest.dropFirst())
        }
        return nil
    }
}
