import RandomTestSupport

/// Bytes as somebody sends them who means no good: valid ones that were changed, and such as mean something somewhere.
///
/// The same sequence for the same seed. What every token begins with is not among it: an answer may repeat what was sent,
/// and where a token shows the tests could not tell whose.
struct HostileInput {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// One of some.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    mutating func number(below limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &generator)
    }

    /// A valid text that was changed in up to five places, or one in eight times something of its own.
    mutating func bytes(like valid: String) -> [UInt8] {
        number(below: 8) == 0 ? anything() : mutated(Array(valid.utf8))
    }

    /// The same as a text; what is not UTF-8 becomes U+FFFD, as where header fields are read.
    mutating func text(like valid: String) -> String {
        String(decoding: bytes(like: valid), as: UTF8.self)
    }

    /// The same in a query or a path, where it is percent-encoded, or not, or wrongly.
    mutating func encoded(like valid: String) -> [UInt8] {
        let bytes = bytes(like: valid)
        let form = number(below: 3)
        if form == 0 { return bytes }
        return bytes.flatMap { byte -> [UInt8] in
            let isPlain = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            return isPlain || form == 2 && number(below: 4) == 0 ? [byte] : Array("%\(hexadecimal(byte))".utf8)
        }
    }

    private mutating func anything() -> [UInt8] {
        let count = pick([0, 1, 2, 8, 60, 300])
        switch number(below: 3) {
        case 0: return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        case 1: return Array(repeating: UInt8.random(in: 0...255, using: &generator), count: count)
        default: return (0..<min(count, 20)).flatMap { _ in pick(Self.pieces) }
        }
    }

    private mutating func mutated(_ valid: [UInt8]) -> [UInt8] {
        var bytes = valid
        for _ in 0...number(below: 5) {
            let place = number(below: bytes.count + 1)
            switch number(below: 7) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2 where place < bytes.count: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(1 + number(below: 10)), at: place)
            case 4 where number(below: 4) == 0: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: pick(Self.pieces), at: place)
            }
        }
        return bytes
    }

    private func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16, uppercase: true)
    }

    private static let pieces: [[UInt8]] =
        [
            "\u{0}", "\r\n", "\n", "\t", " ", "\"", "'", "\\", "/", "//", "/../", "%", "%00", "%2F", "%2e%2e", "%zz",
            "%C3",
            "?", "#", "&", "=", "+", ";", ",", "*", "*/*", ";q=0", ";q=1.0001", "q=", "W/\"", "\"\"", "=\"", "{", "}",
            "[",
            "]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", ":", "{\"\":{}}", "null", "true", "-1", "0", "1e309", "-0",
            "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "NaN",
            "\\u0000", "\\ud800", "\\udc00\\ud800", "\\", "\u{FEFF}", "\u{202E}", "\u{301}",
            "\u{1F468}\u{200D}\u{1F469}",
            "\u{FFFF}", "\u{10FFFF}", "\u{7F}", "\u{85}", "' OR 1=1 --", "%25%32%35", "$(id)", "<script>", "..", ".",
            "Bearer ", "Basic ", "__Host-gatehouse=", "count=none", "users", "me", "@", "xn--", "_",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF]]
}
