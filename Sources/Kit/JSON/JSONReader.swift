/// Reads JSON texts strictly by RFC 8259 with the restrictions of I-JSON (RFC 7493, section 2).
///
/// Refused are also: a byte order mark, bytes that are not UTF-8, lone surrogates, two members of one name, numbers too
/// large for a double, and what exceeds the limits. A number too small for a double is read as zero. No input traps.
public enum JSONReader {
    /// Reads one text.
    ///
    /// The whole text must be one value with white space around it. The time is proportional to the length.
    public static func read(_ bytes: Span<UInt8>, limits: JSONLimits = .init()) throws(JSONError) -> JSONValue {
        var parser = JSONParser(limits: limits)
        do throws(JSONFault) {
            return try parser.document(bytes)
        } catch {
            throw JSONError(error, in: bytes)
        }
    }

    /// Reads one text from an array of bytes.
    ///
    /// The same as for a span.
    public static func read(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONError) -> JSONValue {
        try read(bytes.span, limits: limits)
    }
}
