/// Base64 with padding, as mail has it (RFC 4648, section 4).
public enum Base64 {
    /// The text of bytes; its length is a multiple of four.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text = Base64Digits(Array("+/".utf8)).digits(of: bytes)
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }
}
