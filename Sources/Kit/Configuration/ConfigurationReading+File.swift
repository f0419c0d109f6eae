extension ConfigurationReading {
    mutating func read(yaml: [UInt8], file: String) {
        let document = YAMLDocument(yaml)
        switch document.root {
        case .null: break
        case .mapping(let entries):
            var lines: [String: Int] = [:]
            read(entries, section: "", file: file, lines: &lines)
        case .text, .list:
            mistake(
                .malformed,
                nil,
                .file(path: file, line: 1),
                "The file must hold settings of the form \"name: value\"."
            )
        }
        for fault in document.faults {
            mistake(fault.kind, fault.key, .file(path: file, line: fault.line), fault.sentence)
        }
        mistakes.sort { ($0.origin.line ?? 0) < ($1.origin.line ?? 0) }
    }

    private mutating func read(
        _ entries: [YAMLDocument.Entry],
        section: String,
        file: String,
        lines: inout [String: Int]
    ) {
        for entry in entries {
            let name = section.isEmpty ? entry.name : section + "." + entry.name
            let origin = ConfigurationOrigin.file(path: file, line: entry.line)
            if let first = entry.duplicateOf ?? lines[name] {
                mistake(.duplicate, name, origin, "\(shown(name)) is already set in line \(first).")
                continue
            }
            if let definition = table.definition(name) {
                lines[name] = entry.line
                read(entry.value, definition, origin)
            } else if table.sections.contains(name) {
                switch entry.value {
                case .null: break
                case .mapping(let entries): read(entries, section: name, file: file, lines: &lines)
                case .text, .list:
                    let sentence = "\(name) is a section; its settings stand in the lines below it, indented."
                    mistake(.wrongType, name, origin, sentence)
                }
            } else {
                let nearest = NearestName.find(name, among: names(for: entry.value))
                mistake(
                    .unknownKey(nearest: nearest),
                    name,
                    origin,
                    "\(YAMLText.shown(name)) is not known." + suggestion(nearest)
                )
            }
        }
    }

    /// The names that one with such a value may have been meant to be.
    private func names(for value: YAMLDocument.Node) -> [String] {
        let keys = table.definitions.map(\.name)
        return switch value {
        case .text, .list: keys
        case .mapping: table.sections.sorted()
        case .null: keys + table.sections.sorted()
        }
    }

    private mutating func read(
        _ node: YAMLDocument.Node,
        _ definition: ConfigurationDefinition,
        _ origin: ConfigurationOrigin
    ) {
        take(definition, origin) { [base] () throws(ConfigurationDefinition.Refusal) in
            switch node {
            case .null:
                let sentence = "\(definition.name) has no value; without the line its default would count."
                throw ConfigurationDefinition.Refusal(kind: .wrongType, sentence: sentence)
            case .text(let text):
                if case .list = definition.kind { throw definition.wrongType(text) }
                return try definition.value(text, base: base)
            case .list(let nodes):
                var texts: [String] = []
                for node in nodes {
                    guard case .text(let text) = node else {
                        throw definition.wrongType("a list of anything else", quoted: false)
                    }
                    texts.append(text)
                }
                return try definition.value(texts)
            case .mapping:
                throw definition.wrongType("a section", quoted: false)
            }
        }
    }
}

extension ConfigurationOrigin {
    fileprivate var line: Int? {
        if case .file(_, let line) = self { line } else { nil }
    }
}
