/// The trace that a request belongs to (W3C Trace Context, https://www.w3.org/TR/trace-context/, section 3.2).
public enum TraceContext {
    private static let length = 55

    /// The trace id of a `traceparent`, 32 hexadecimal digits in lower case; nil where the field is not valid.
    ///
    /// Versions to come may have more behind another hyphen.
    public static func traceID(of traceparent: String) -> String? {
        let bytes = Array(traceparent.utf8)
        guard bytes.count == length || (bytes.count > length && bytes[length] == hyphen), bytes[2] == hyphen,
            bytes[35] == hyphen, bytes[52] == hyphen, isHexadecimal(bytes[0..<2]), isHexadecimal(bytes[53..<55])
        else { return nil }
        let version = bytes[0..<2]
        // Version 00 has no more than this, and ff is none.
        guard version != [zero, zero] || bytes.count == length, version != [letterF, letterF],
            isID(bytes[3..<35]), isID(bytes[36..<52])
        else { return nil }
        return String(decoding: bytes[3..<35], as: UTF8.self)
    }

    /// Whether the id of a request can be the id of a trace too: 32 hexadecimal digits, as nginx makes it.
    public static func isTraceID(_ id: String) -> Bool {
        id.utf8.count == 32 && isID(Array(id.utf8)[...])
    }

    private static let hyphen = UInt8(ascii: "-")
    private static let zero = UInt8(ascii: "0")
    private static let letterF = UInt8(ascii: "f")

    private static func isHexadecimal(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// Nothing but zeros is no id.
    private static func isID(_ digits: ArraySlice<UInt8>) -> Bool {
        isHexadecimal(digits) && digits.contains { $0 != zero }
    }
}
