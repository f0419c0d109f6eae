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

    mutating func mistake(
        _ kind: ConfigurationMistake.Kind,
        _ key: String?,
        _ origin: ConfigurationOrigin,
        _ sentence: String
    ) {
        mistakes.append(ConfigurationMistake(kind: kind, key: key, origin: origin, sentence: sentence))
    }

    mutating func take(
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
    func shown(_ name: String) -> String {
        table.definition(name) != nil || table.sections.contains(name) ? name : YAMLText.shown(name)
    }

    func suggestion(_ nearest: String?) -> String {
        nearest.map { " Did you mean \($0)?" } ?? ""
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
