internal import JSON

/// A path as a log may show it.
///
/// What people put into a path by mistake is not for a log: addresses, tokens, whole sentences. A segment is shown where it
/// has nothing but small letters, digits, dots and hyphens, which is what routes and ids consist of; another is shown as
/// a star.
enum PathForLog {
    /// Longer paths are cut.
    private static let longest = 512

    /// Writes the path as a JSON string.
    static func write(_ path: [UInt8], to writer: inout JSONWriter) {
        guard path.count > longest || path.contains(where: { !isPlain($0) }) else {
            return writer.string(utf8: path.span)
        }
        writer.string(utf8: shown(path).span)
    }

    private static func shown(_ path: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        var isFirst = true
        for segment in path.prefix(longest).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if !isFirst { shown.append(UInt8(ascii: "/")) }
            isFirst = false
            if segment.allSatisfy(isPlain) { shown += segment } else { shown.append(UInt8(ascii: "*")) }
        }
        return shown
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
