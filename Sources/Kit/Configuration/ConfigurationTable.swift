/// All keys of a program's configuration.
///
/// From the table come the commented file, the checks of what people write, and the values. The table is code, so what
/// is wrong with it is an error of the program: making a table that has ``faults(prefix:sections:_:)`` stops a debug build.
public struct ConfigurationTable: Sendable {
    /// What stands before the name of every environment variable, such as `APP`.
    ///
    /// An underscore follows it: `pool.threads` is `APP_POOL_THREADS`.
    public let prefix: String

    /// The keys in the order in which they were given.
    ///
    /// Listings and the commented file keep it.
    public let definitions: [ConfigurationDefinition]

    let sectionSummaries: [String: String]
    let sections: Set<String>
    private let byName: [String: Int]
    private let byVariable: [String: Int]

    /// Makes a table.
    ///
    /// `sections` holds a sentence for sections (by dotted name) that need one.
    public init(prefix: String, sections: [String: String] = [:], _ entries: [any ConfigurationEntry]) {
        // The same in every run, so that the tests find it: to look again took a twentieth of each start.
        assert(
            Self.faults(prefix: prefix, sections: sections, entries).isEmpty,
            "The table of the configuration is wrong: see faults(prefix:sections:_:)"
        )
        self.prefix = prefix
        definitions = entries.map(\.definition)
        sectionSummaries = sections
        self.sections = Set(definitions.flatMap { Self.sections(of: $0.name) })
        byName = Dictionary(uniqueKeysWithValues: definitions.enumerated().map { ($1.name, $0) })
        byVariable = Dictionary(
            uniqueKeysWithValues: definitions.enumerated().map { (Self.variable($1.name, prefix: prefix), $0) }
        )
    }

    /// The environment variable of a key.
    ///
    /// Also for a name that no key has.
    public func variable(_ name: String) -> String {
        Self.variable(name, prefix: prefix)
    }

    func definition(_ name: String) -> ConfigurationDefinition? {
        byName[name].map { definitions[$0] }
    }

    func definition(variable: String) -> ConfigurationDefinition? {
        byVariable[variable].map { definitions[$0] }
    }

    private static func variable(_ name: String, prefix: String) -> String {
        prefix + "_" + name.uppercased().split(separator: ".").joined(separator: "_")
    }

    /// The dotted names of the sections that a key lies in.
    private static func sections(of name: String) -> [String] {
        let parts = name.split(separator: ".")
        return (1..<max(parts.count, 1)).map { parts.prefix($0).joined(separator: ".") }
    }
}

// MARK: - The table itself

extension ConfigurationTable {
    /// What is wrong with a table, in sentences; empty if it is right.
    ///
    /// Names must be dotted lower-case words and differ, also as environment variables; no key may be a section of
    /// another; fixed defaults must be allowed values.
    public static func faults(
        prefix: String,
        sections summaries: [String: String] = [:],
        _ entries: [any ConfigurationEntry]
    ) -> [String] {
        let definitions = entries.map(\.definition)
        let sections = Set(definitions.flatMap { Self.sections(of: $0.name) })
        var faults: [String] = []
        var names: Set<String> = []
        var variables: Set<String> = []
        if !isWord(prefix.lowercased()) || prefix != prefix.uppercased() {
            faults.append("The prefix \(prefix) is not an upper-case word.")
        }
        for definition in definitions {
            let name = definition.name
            if !name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ isWord(String($0)) }) {
                faults.append("The name \(name) is not made of lower-case words and dots.")
            }
            if sections.contains(name) { faults.append("\(name) is a key and a section.") }
            if !names.insert(name).inserted {
                faults.append("\(name) stands twice.")
                continue
            }
            let variable = variable(name, prefix: prefix)
            let taken = definition.isSecret ? [variable, variable + "_FILE"] : [variable]
            for variable in taken where !variables.insert(variable).inserted {
                faults.append("Two keys have the variable \(variable).")
            }
            if definition.defaultRule == nil {
                do throws(ConfigurationDefinition.Refusal) {
                    _ = try definition.checked(definition.defaultValue, written: definition.defaultValue.text)
                } catch {
                    faults.append("The default is refused: " + error.sentence)
                }
            }
        }
        for section in summaries.keys.sorted() where !sections.contains(section) {
            faults.append("\(section) is not a section.")
        }
        return faults
    }

    private static func isWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
