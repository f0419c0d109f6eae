internal import Yams

/// A YAML file as far as a configuration needs it: names, texts and lists with their lines.
///
/// Yams reads it; what configuration files do without (anchors, aliases, tags, further documents) and what Yams does
/// not tell well (the line of a second key of the same name) is found here.
struct YAMLDocument {
    /// A value of the file.
    indirect enum Node {
        case null
        case text(String)
        case list([Node])
        case mapping([Entry])
    }

    /// A name with its value.
    struct Entry {
        let name: String
        let line: Int
        let value: Node
        /// The line of the entry of the same name before this one.
        let duplicateOf: Int?
    }

    /// What makes the file, or a part of it, unreadable.
    struct Fault {
        let kind: ConfigurationMistake.Kind
        let key: String?
        let line: Int?
        let sentence: String
    }

    private(set) var root = Node.null
    private(set) var faults: [Fault] = []

    /// Names that stand twice are changed and the text is read again: the mark before such a name holds the number of
    /// the element here that is the line of the first of the name.
    private var renamed: [Int] = []
    private var passes = 0

    private static let marker = "duplicate-"
    private static let maximumPasses = 50
    private static let maximumBytes = 256 << 10

    /// Deeper than any table; what lies deeper is not looked at.
    private static let maximumDepth = 32

    init(_ bytes: [UInt8]) {
        guard let text = Self.checkedText(bytes, &faults) else { return }
        var lines = YAMLLines(text)
        if let fault = lines.aliasFault() {
            faults.append(fault)
            return
        }
        while !compose(&lines) {}
    }

    // MARK: - Before Yams

    private static func checkedText(_ bytes: [UInt8], _ faults: inout [Fault]) -> String? {
        func fault(_ line: Int?, _ sentence: String) {
            faults.append(Fault(kind: .malformed, key: nil, line: line, sentence: sentence))
        }
        guard bytes.count <= maximumBytes else {
            fault(nil, "The file is larger than \(SizeText.write(bytes: maximumBytes)).")
            return nil
        }
        var text: String
        do throws(UTF8.ValidationError) {
            text = String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            let line = bytes[..<error.byteOffsets.lowerBound].count { $0 == UInt8(ascii: "\n") } + 1
            fault(line, "The file is not UTF-8 here.")
            return nil
        }
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var line = 1
        for scalar in text.unicodeScalars {
            if scalar == "\n" { line += 1 }
            guard YAMLText.isAllowed(scalar) else {
                fault(
                    line,
                    "The file holds a character here that YAML does not allow: U+\(YAMLText.hexadecimal(scalar))."
                )
                return nil
            }
        }
        return text
    }

    // MARK: - With Yams

    /// Reads the lines; false if a name that stands twice was changed, so that they must be read again.
    private mutating func compose(_ lines: inout YAMLLines) -> Bool {
        do {
            // The resolver without rules leaves texts alone; the parser must live as long as its anchors are asked for.
            let parser = try Parser(yaml: lines.text, resolver: .basic, encoding: .utf8)
            if let node = try parser.singleRoot() { root = convert(node, depth: 0) }
            withExtendedLifetime(parser) {}
            return true
        } catch YamlError.duplicatedKeysInMapping(let names, let context) {
            return !rename(names.first ?? "", firstLine: context.mark.line, column: context.mark.column, in: &lines)
        } catch {
            faults.append(Self.fault(error, in: lines))
            return true
        }
    }

    /// Changes all further names that equal the one at the place; false if none was found there.
    private mutating func rename(_ name: String, firstLine: Int, column: Int, in lines: inout YAMLLines) -> Bool {
        var line = firstLine
        var isFound = false
        while passes < Self.maximumPasses {
            let marker = Self.marker + String(renamed.count) + "-"
            guard let next = lines.renameNext(name, after: line, column: column, marker: marker) else { break }
            renamed.append(firstLine)
            line = next
            isFound = true
        }
        passes += 1
        if isFound { return true }
        let sentence = "\(YAMLText.shown(name)) is set more than once in the same section."
        faults.append(Fault(kind: .duplicate, key: name, line: firstLine, sentence: sentence))
        return false
    }

    /// Takes apart a name that was changed: what it was, and the line of the first of that name.
    private func original(_ name: String) -> (name: String, firstLine: Int)? {
        guard name.hasPrefix(Self.marker) else { return nil }
        let parts = name.dropFirst(Self.marker.count).split(
            separator: "-",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let number = Int(parts[0]), renamed.indices.contains(number) else { return nil }
        return (String(parts[1]), renamed[number])
    }

    private mutating func convert(_ node: Yams.Node, depth: Int) -> Node {
        let line = node.mark?.line
        if node.anchor != nil {
            refuse(line, "Anchors (&name) are not read in this file.")
        }
        guard depth < Self.maximumDepth else { return .null }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            let tag = scalar.tag.description
            if !tag.isEmpty, !(tag == Tag.Name.str.rawValue && !isPlain) { refuseTag(line) }
            return isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string) ? .null : .text(scalar.string)
        case .sequence(let sequence):
            if !sequence.tag.description.isEmpty { refuseTag(line) }
            return .list(sequence.map { convert($0, depth: depth + 1) })
        case .mapping(let mapping):
            if !mapping.tag.description.isEmpty { refuseTag(line) }
            return .mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth + 1) })
        case .alias:
            refuse(line, "Aliases (*name) are not read in this file.")
            return .null
        }
    }

    private mutating func entry(_ key: Yams.Node, _ value: Yams.Node, depth: Int) -> Entry? {
        let line = key.mark?.line ?? 0
        guard case .scalar(let name) = key else {
            refuse(line, "The name of a setting is expected here, not a list or a section.")
            return nil
        }
        if key.anchor != nil { refuse(line, "Anchors (&name) are not read in this file.") }
        // Yams has resolved the tags of names to compare them.
        if name.tag.description != Tag.Name.str.rawValue { refuseTag(line) }
        let value = convert(value, depth: depth)
        if let (name, firstLine) = original(name.string) {
            return Entry(name: name, line: line, value: value, duplicateOf: firstLine)
        }
        return Entry(name: name.string, line: line, value: value, duplicateOf: nil)
    }

    private mutating func refuseTag(_ line: Int?) {
        refuse(line, "Tags (!name) are not read in this file.")
    }

    private mutating func refuse(_ line: Int?, _ sentence: String) {
        faults.append(Fault(kind: .malformed, key: nil, line: line, sentence: sentence))
    }

    // MARK: - What Yams says

    private static func fault(_ error: any Error, in lines: YAMLLines) -> Fault {
        func fault(_ line: Int?, _ sentence: String) -> Fault {
            Fault(kind: .malformed, key: nil, line: line, sentence: sentence)
        }
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let line = min(mark.line, lines.count)
            if problem.contains("another document") {
                return fault(line, "The file must be one document, but \"---\" begins another one here.")
            }
            if problem.contains("alias") { return fault(line, "Aliases (*name) are not read in this file.") }
            if lines.beginsWithTab(line) { return fault(line, "The line begins with a tab; YAML wants spaces.") }
            let place = context.map { " (\($0.text), from line \($0.mark.line) on)" } ?? ""
            return fault(line, "The file is not valid YAML here: \(problem)\(place).")
        case .reader(let problem, _, _, _):
            return fault(nil, "The file is not valid YAML: \(problem).")
        default:
            return fault(nil, "The file cannot be read as YAML.")
        }
    }
}
