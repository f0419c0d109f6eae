/// The lines between three quotation marks (section 2.9.4, BlockStringValue and its inverse).
enum BlockString {
    /// What a block string says: without the indentation that all lines but the first share, and without empty lines at
    /// its ends.
    static func value(of raw: [UInt8]) -> String {
        let lines = lines(of: raw)
        var common = Int.max
        var firstUsed: Int?
        var lastUsed = 0
        for (number, line) in lines.enumerated() {
            let indentation = line.prefix(while: isBlank).count
            if indentation == line.count { continue }
            if firstUsed == nil { firstUsed = number }
            lastUsed = number
            if number > 0 { common = min(common, indentation) }
        }
        guard let firstUsed else { return "" }
        var value: [UInt8] = []
        for number in firstUsed...lastUsed {
            if number > firstUsed { value.append(0x0A) }
            value += number == 0 ? lines[number] : lines[number].dropFirst(common)
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// A block string that says `text`, each line indented; for descriptions.
    static func printed(_ text: String, indentation: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isShort = lines.count == 1 && text.utf8.count < 70 && !text.hasSuffix("\"") && !text.hasSuffix("\\")
        let escaped = lines.map { line in escapeTripleQuotes(line) }
        if isShort { return "\"\"\"\(escaped[0])\"\"\"" }
        let inner = escaped.map { $0.isEmpty ? "" : indentation + $0 }.joined(separator: "\n")
        return "\"\"\"\n\(inner)\n\(indentation)\"\"\""
    }

    /// Whether a block string can say it: one that begins or ends with blanks or holds control characters cannot.
    static func canSay(_ text: String) -> Bool {
        if text.isEmpty { return true }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let last = lines.last else { return false }
        let hasControl = text.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A }
        let isIndented =
            lines.count > 1 && lines.dropFirst().allSatisfy { $0.isEmpty || $0.utf8.first.map(isBlank) == true }
        return !hasControl && !isIndented && !first.utf8.allSatisfy(isBlank) && !last.utf8.allSatisfy(isBlank)
            && first.utf8.first.map(isBlank) != true
    }

    private static func escapeTripleQuotes(_ line: Substring) -> String {
        line.split(separator: "\"\"\"", omittingEmptySubsequences: false).joined(separator: "\\\"\"\"")
    }

    private static func lines(of raw: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            if byte == 0x0A || byte == 0x0D {
                lines.append(raw[start..<index])
                if byte == 0x0D, index + 1 < raw.count, raw[index + 1] == 0x0A { index += 1 }
                start = index + 1
            }
            index += 1
        }
        lines.append(raw[start...])
        return lines
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }
}
