internal import JSON

/// When certificates end, read from their text.
///
/// Only as much of X.509 (RFC 5280, section 4.1) is read as leads there; nothing is verified.
enum CertificateEnds {
    /// The ends of all certificates of a PEM file (RFC 7468), in microseconds since the epoch; nil where one cannot be
    /// read, or where there is none.
    static func read(pem: String) -> [Int64]? {
        var ends: [Int64] = []
        var base64: String?
        for line in pem.split(whereSeparator: \.isNewline) {
            let line = line.trimmedBlanks
            if line == "-----BEGIN CERTIFICATE-----" {
                base64 = ""
            } else if line == "-----END CERTIFICATE-----" {
                guard let text = base64, let bytes = decode(text), let end = read(der: bytes) else { return nil }
                ends.append(end)
                base64 = nil
            } else {
                base64?.append(contentsOf: line)
            }
        }
        return ends.isEmpty ? nil : ends
    }

    /// The end of one certificate.
    static func read(der bytes: [UInt8]) -> Int64? {
        var file = DERReader(bytes[...])
        guard var certificate = file.enter(DERReader.sequence), var body = certificate.enter(DERReader.sequence) else {
            return nil
        }
        // The version is left out in the oldest ones; then serial number, algorithm, issuer.
        if body.nextTag == DERReader.version { body.skip() }
        for _ in 0..<3 { body.skip() }
        guard var validity = body.enter(DERReader.sequence) else { return nil }
        validity.skip()
        return validity.time()
    }

    private static func decode(_ base64: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for character in base64.utf8 where character != UInt8(ascii: "=") {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            pending = pending << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
        }
        return bytes
    }
}

/// Goes through values in DER (ITU-T X.690), one behind the other; what is cut short or malformed ends it.
private struct DERReader {
    static let sequence: UInt8 = 0x30
    /// The explicit tag 0.
    static let version: UInt8 = 0xA0
    private static let utcTime: UInt8 = 0x17
    private static let generalizedTime: UInt8 = 0x18

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var nextTag: UInt8? { rest.first }

    /// The content of the next value, if it has this tag.
    mutating func enter(_ tag: UInt8) -> DERReader? {
        guard nextTag == tag, let content = next() else { return nil }
        return DERReader(content)
    }

    mutating func skip() {
        _ = next()
    }

    /// The next value as a time, in microseconds since the epoch (RFC 5280, section 4.1.2.5).
    mutating func time() -> Int64? {
        let tag = nextTag
        guard let content = next() else { return nil }
        var digits = Array(String(decoding: content, as: UTF8.self))
        if tag == Self.utcTime {
            guard let year = digits.first.flatMap(\.wholeNumberValue) else { return nil }
            digits.insert(contentsOf: year >= 5 ? "19" : "20", at: 0)
        } else if tag != Self.generalizedTime {
            return nil
        }
        guard digits.count == 15, digits.last == "Z" else { return nil }
        let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<12, 12..<14].map { String(digits[$0]) }
        return RFC3339.microseconds("\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z")
    }

    private mutating func next() -> ArraySlice<UInt8>? {
        guard rest.popFirst() != nil, let first = rest.popFirst() else { return fail() }
        var length = Int(first)
        if first >= 0x80 {
            length = 0
            // Two bytes tell 64 KiB; no certificate is larger than four can tell.
            guard (1...4).contains(first & 0x7F) else { return fail() }
            for _ in 0..<(first & 0x7F) {
                guard let byte = rest.popFirst() else { return fail() }
                length = length << 8 | Int(byte)
            }
        }
        guard length <= rest.count else { return fail() }
        let content = rest.prefix(length)
        rest = rest.dropFirst(length)
        return content
    }

    private mutating func fail() -> ArraySlice<UInt8>? {
        rest = []
        return nil
    }
}

extension Substring {
    fileprivate var trimmedBlanks: Substring {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.drop(while: \.isWhitespace)
    }
}
