/// Percent-encoding (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Decodes, or gives nil where a "%" is not followed by two hexadecimal digits.
    ///
    /// With `plusIsSpace` a "+" is a space, as in queries that forms make (application/x-www-form-urlencoded).
    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex,
                    let high = hexadecimal(bytes[index + 1]),
                    let low = hexadecimal(bytes[index + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(byte == UInt8(ascii: "+") && plusIsSpace ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return decoded
    }

    /// Decodes to text, or gives nil where the result is no UTF-8.
    static func decodeText(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
        guard let decoded = decode(bytes, plusIsSpace: plusIsSpace) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    /// Appends a byte as it may stand in a fragment: as it is, or encoded (RFC 3986, section 3.5).
    static func append(_ byte: UInt8, to fragment: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            fragment.append(byte)
        case _ where "-._~!$&'()*+,;=:@/?".utf8.contains(byte):
            fragment.append(byte)
        default:
            let digits = Array("0123456789ABCDEF".utf8)
            fragment += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
