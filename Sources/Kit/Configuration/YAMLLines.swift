/// The text of a YAML file by lines, counted as libyaml counts them.
struct YAMLLines {
    private var lines: [[Unicode.Scalar]] = [[]]

    /// Lines keep what ends them: CR LF, or one of CR, LF, U+0085, U+2028 and U+2029.
    init(_ text: String) {
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if Self.isBreak(previous), !(previous == "\r" && scalar == "\n") { lines.append([]) }
            lines[lines.count - 1].append(scalar)
            previous = scalar
        }
    }

    var count: Int { lines.count }

    var text: String {
        var text = String.UnicodeScalarView()
        for line in lines { text.append(contentsOf: line) }
        return String(text)
    }

    /// Whether the line, from 1, begins with a tab.
    func beginsWithTab(_ line: Int) -> Bool {
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].first { $0 != " " } == "\t"
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    // MARK: - Names that stand twice

    /// Puts the marker before the next name of a block mapping that equals the one at the line and column (from 1).
    ///
    /// Gives the line of that name; nil if there is none, as in a mapping in braces.
    mutating func renameNext(_ name: String, after line: Int, column: Int, marker: String) -> Int? {
        let indentation = column - 1
        guard line >= 1 else { return nil }
        for index in lines.indices.dropFirst(line) {
            let spaces = lines[index].prefix { $0 == " " }.count
            let rest = lines[index].dropFirst(spaces)
            guard let first = rest.first, !Self.isBreak(first), first != "#" else { continue }
            if spaces < indentation { return nil }
            guard spaces == indentation, let start = Self.nameStart(rest, name) else { continue }
            lines[index].insert(contentsOf: marker.unicodeScalars, at: start)
            return index + 1
        }
        return nil
    }

    /// Where the text of the name begins if the line begins with it and a colon.
    private static func nameStart(_ line: ArraySlice<Unicode.Scalar>, _ name: String) -> Int? {
        var rest = line
        var quote: Unicode.Scalar?
        if let first = rest.first, first == "\"" || first == "'" {
            quote = first
            rest = rest.dropFirst()
        }
        let start = rest.startIndex
        guard rest.starts(with: name.unicodeScalars) else { return nil }
        rest = rest.dropFirst(name.unicodeScalars.count)
        if let quote {
            guard rest.first == quote else { return nil }
            rest = rest.dropFirst()
        }
        return rest.first { $0 != " " } == ":" ? start : nil
    }

    // MARK: - Aliases

    /// What is wrong if an anchor and an alias of its name stand in the text.
    ///
    /// Looked for before Yams reads, since a few lines of aliases can stand for more nodes than fit in any memory.
    func aliasFault() -> YAMLDocument.Fault? {
        var anchors: Set<String> = []
        for line in lines { forEachReference(line, "&") { anchors.insert($0) } }
        if anchors.isEmpty { return nil }
        for (index, line) in lines.enumerated() {
            var found = false
            forEachReference(line, "*") { if anchors.contains($0) { found = true } }
            if found {
                let sentence = "Anchors (&name) and aliases (*name) are not read in this file."
                return .init(kind: .malformed, key: nil, line: index + 1, sentence: sentence)
            }
        }
        return nil
    }

    /// Calls the closure with each name that stands behind the sign where a value can begin, outside of comments.
    ///
    /// Quotation marks are not looked at: at worst a text is taken for an anchor and its alias, and must be quoted so
    /// that the sign does not follow a comma or the like.
    private func forEachReference(_ line: [Unicode.Scalar], _ sign: Unicode.Scalar, _ body: (String) -> Void) {
        var index = 0
        var canBegin = true
        while index < line.count {
            let scalar = line[index]
            let isBehindSpace = index == 0 || line[index - 1] == " " || line[index - 1] == "\t"
            index += 1
            switch scalar {
            case " ", "\t": break
            case "#" where isBehindSpace: return
            case "&" where canBegin, "*" where canBegin, "!" where canBegin:
                let name = line[index...].prefix {
                    ![" ", "\t", ",", "[", "]", "{", "}"].contains($0) && !Self.isBreak($0)
                }
                if scalar == sign, !name.isEmpty { body(String(String.UnicodeScalarView(name))) }
                index += name.count
            case "[", "{", ",", ":", "?", "-": canBegin = true
            default: canBegin = false
            }
        }
    }
}
