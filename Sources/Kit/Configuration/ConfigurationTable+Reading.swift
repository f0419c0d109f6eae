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
