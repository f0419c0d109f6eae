/// The effective value of every key of a table.
///
/// Immutable; hand it to whoever starts things up and let them take what they need once, since each access looks the
/// name up.
public struct ConfigurationValues: Sendable {
    struct Entry: Sendable {
        let definition: ConfigurationDefinition
        let value: ConfigurationValue
        let origin: ConfigurationOrigin
    }

    let entries: [Entry]
    private let byName: [String: Int]

    init(_ entries: [Entry]) {
        self.entries = entries
        byName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.definition.name, $0) })
    }

    /// The value of a key.
    ///
    /// The key must be one of the table (a key of the same name with another type of value is not); anything else is an
    /// error of the program and stops it.
    public subscript<Value>(_ key: ConfigurationKey<Value>) -> Value {
        guard let index = byName[key.name], let value = key.decode(entries[index].value) else {
            preconditionFailure("\(key.name) is not a key of the table that these values were read with.")
        }
        return value
    }

    /// Where the value of a key comes from.
    ///
    /// The default if the table has no such key.
    public func origin<Value>(of key: ConfigurationKey<Value>) -> ConfigurationOrigin {
        byName[key.name].map { entries[$0].origin } ?? .byDefault(rule: nil)
    }

    /// A mistake about the value of a key, for checks that look at more than one key.
    ///
    /// The sentence names the key and never holds a secret.
    public func mistake<Value>(about key: ConfigurationKey<Value>, _ sentence: String) -> ConfigurationMistake {
        ConfigurationMistake(kind: .refused, key: key.name, origin: origin(of: key), sentence: sentence)
    }
}

// MARK: - For people

/// One line of a listing.
///
/// All three texts are meant for people.
public struct ConfigurationSetting: Sendable, Equatable {
    /// The dotted name.
    ///
    /// As in the table.
    public let name: String

    /// The value as text; `(hidden)` for a secret that is not empty.
    ///
    /// A list stands with commas.
    public let value: String

    /// Where the value comes from.
    ///
    /// Its description is short enough for a column.
    public let origin: ConfigurationOrigin
}

extension ConfigurationValues {
    /// All effective values in the order of the table.
    ///
    /// Secrets are hidden.
    public func listing() -> [ConfigurationSetting] {
        entries.map { entry in
            let text = entry.value.text
            let shown = entry.definition.isSecret && !text.isEmpty ? "(hidden)" : text
            return ConfigurationSetting(name: entry.definition.name, value: shown, origin: entry.origin)
        }
    }
}
