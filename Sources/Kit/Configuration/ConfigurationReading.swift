/// A setting that was written on the command line.
///
/// Of several for one key the last counts, as command lines commonly do.
public struct ConfigurationFlag: Sendable, Equatable {
    /// The dotted name of the key.
    ///
    /// Checked when the configuration is read.
    public let name: String

    /// The value as it was written.
    ///
    /// A list stands with commas.
    public let value: String

    /// The flag as people know it, such as `--set pool.threads`.
    ///
    /// It is shown where the value comes from, so it must not hold the value of a secret.
    public let spelling: String

    /// Makes a flag.
    ///
    /// Nothing is checked yet.
    public init(name: String, value: String, spelling: String) {
        self.name = name
        self.value = value
        self.spelling = spelling
    }

    /// Takes apart `pool.threads=8`, which stood behind the flag of that spelling.
    ///
    /// Nil if there is no equals sign with a name before it.
    public init?(assignment: String, flag: String) {
        guard let sign = assignment.firstIndex(of: "="), sign > assignment.startIndex else { return nil }
        name = String(assignment[..<sign])
        value = String(assignment[assignment.index(after: sign)...])
        spelling = flag + " " + name
    }
}

extension ConfigurationTable {
    /// Reads the configuration from all places where people write it.
    ///
    /// A flag counts before the environment, that before the file, that before the default. `yaml` holds the bytes of
    /// the file and `file` its name for messages. Of the environment only variables with the prefix of the table count;
    /// those in `environmentIgnored` belong to somebody else. `base` is the absolute path at which relative paths
    /// begin. `secretFile` reads a file that a variable ending in `_FILE` names (without it there are no such
    /// variables); one line end behind the secret is cut off. All mistakes of all places are thrown together, also
    /// those that a value of a higher place would hide; a file that is not YAML has only that one.
    public func read(
        yaml: [UInt8] = [],
        file: String = "",
        environment: [String: String] = [:],
        environmentIgnored: Set<String> = [],
        flags: [ConfigurationFlag] = [],
        base: String,
        secretFile: ((_ path: String) throws -> [UInt8])? = nil
    ) throws(ConfigurationMistakes) -> ConfigurationValues {
        var reading = ConfigurationReading(table: self, base: base)
        reading.read(yaml: yaml, file: file)
        reading.read(environment: environment, ignoring: environmentIgnored, secretFile: secretFile)
        reading.read(flags: flags)
        guard reading.mistakes.isEmpty else { throw ConfigurationMistakes(reading.mistakes) }
        return ConfigurationValues(
            definitions.map { definition in
                let found = reading.found[definition.name]
                return .init(
                    definition: definition,
                    value: found?.value ?? definition.effectiveDefault(base: base),
                    origin: found?.origin ?? .byDefault(rule: definition.defaultRule)
                )
            }
        )
    }
}

/// The state of one reading: what was found so far and what is wrong with it.
struct ConfigurationReading {
    let table: ConfigurationTable
    let base: String
    var found: [String: (value: ConfigurationValue, origin: ConfigurationOrigin)] = [:]
    var mistakes: [ConfigurationMistake] = []

    init(table: ConfigurationTable, base: String) {
        self.table = table
        self.base = base
    }

    private mutating func mistake(
        _ kind: ConfigurationMistake.Kind,
        _ key: String?,
        _ origin: ConfigurationOrigin,
        _ sentence: String
    ) {
        mistakes.append(ConfigurationMistake(kind: kind, key: key, origin: origin, sentence: sentence))
    }

    private mutating func take(
        _ definition: ConfigurationDefinition,
        _ origin: ConfigurationOrigin,
        _ value: () throws(ConfigurationDefinition.Refusal) -> ConfigurationValue
    ) {
        do throws(ConfigurationDefinition.Refusal) {
            found[definition.name] = (try value(), origin)
        } catch {
            mistake(error.kind, definition.name, origin, error.sentence)
        }
    }

    /// A known name as it is, any other in quotation marks.
    private func shown(_ name: String) -> String {
        table.definition(name) != nil || table.sections.contains(name) ? name : YAMLText.shown(name)
    }

    private func suggestion(_ nearest: String?) -> String {
        nearest.map { " Did you mean \($0)?" } ?? ""
    }
}

// MARK: - The file

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

// MARK: - The environment

extension ConfigurationReading {
    private static let fileSuffix = "_FILE"

    mutating func read(
        environment: [String: String],
        ignoring ignored: Set<String>,
        secretFile: ((String) throws -> [UInt8])?
    ) {
        for variable in environment.keys.sorted() where variable.hasPrefix(table.prefix + "_") {
            guard !ignored.contains(variable), let text = environment[variable] else { continue }
            if let definition = table.definition(variable: variable) {
                take(definition, .environment(variable: variable)) {
                    [base] () throws(ConfigurationDefinition.Refusal) in
                    do throws(ConfigurationDefinition.Refusal) {
                        return try definition.value(text, base: base)
                    } catch {
                        throw error.named(definition.name, as: variable)
                    }
                }
            } else if let secretFile, let definition = secret(ofFileVariable: variable) {
                if environment[table.variable(definition.name)] != nil {
                    let sentence = "\(variable) and \(table.variable(definition.name)) are both set."
                    mistake(.duplicate, definition.name, .environment(variable: variable), sentence)
                } else {
                    read(definition, variable: variable, path: text, secretFile)
                }
            } else {
                refuse(variable)
            }
        }
    }

    private func secret(ofFileVariable variable: String) -> ConfigurationDefinition? {
        guard variable.hasSuffix(Self.fileSuffix) else { return nil }
        let definition = table.definition(variable: String(variable.dropLast(Self.fileSuffix.count)))
        return definition?.isSecret == true ? definition : nil
    }

    private mutating func refuse(_ variable: String) {
        let nearest = NearestName.find(variable, among: table.definitions.map { table.variable($0.name) })
        var sentence = "\(variable) is not known." + suggestion(nearest)
        if variable.hasSuffix(Self.fileSuffix),
            table.definition(variable: String(variable.dropLast(Self.fileSuffix.count))) != nil
        {
            sentence = "\(variable) is not known: only a secret can be read from a file of its own."
        }
        mistake(.unknownVariable(nearest: nearest), nil, .environment(variable: variable), sentence)
    }

    private mutating func read(
        _ definition: ConfigurationDefinition,
        variable: String,
        path: String,
        _ secretFile: (String) throws -> [UInt8]
    ) {
        var bytes: [UInt8]
        do {
            bytes = try secretFile(path)
        } catch {
            let sentence = "The file that \(variable) names cannot be read: \(error)."
            mistake(.unreadable, definition.name, .environment(variable: variable), sentence)
            return
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        let origin = ConfigurationOrigin.environmentFile(variable: variable, path: path)
        guard let utf8 = try? UTF8Span(validating: bytes.span) else {
            mistake(.unreadable, definition.name, origin, "The file that \(variable) names is not UTF-8.")
            return
        }
        let text = String(copying: utf8)
        take(definition, origin) { [base] () throws(ConfigurationDefinition.Refusal) in
            try definition.value(text, base: base)
        }
    }
}

extension ConfigurationDefinition.Refusal {
    /// The same with the environment variable named for the key.
    fileprivate func named(_ name: String, as variable: String) -> Self {
        guard sentence.hasPrefix(name) else { return self }
        return Self(kind: kind, sentence: variable + sentence.dropFirst(name.count))
    }
}

// MARK: - The flags

extension ConfigurationReading {
    mutating func read(flags: [ConfigurationFlag]) {
        for flag in flags {
            let origin = ConfigurationOrigin.flag(flag.spelling)
            if let definition = table.definition(flag.name) {
                take(definition, origin) { [base] () throws(ConfigurationDefinition.Refusal) in
                    try definition.value(flag.value, base: base)
                }
            } else {
                let nearest = NearestName.find(flag.name, among: table.definitions.map(\.name))
                let sentence = "\(YAMLText.shown(flag.name)) is not known." + suggestion(nearest)
                mistake(.unknownKey(nearest: nearest), flag.name, origin, sentence)
            }
        }
    }
}
