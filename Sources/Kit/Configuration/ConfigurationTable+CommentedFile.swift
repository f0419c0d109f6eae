extension ConfigurationTable {
    /// The configuration file with every key, each commented and commented out at its default.
    ///
    /// Reading the text as it is sets nothing; with the `#` before a name removed, the line sets the default. A
    /// computed default stands with the value that it has on this machine; without `showingComputed` its line is left
    /// empty, so that the text is the same on every machine. Lines have up to 100 characters where words allow.
    public func commentedFile(showingComputed: Bool = true) -> String {
        var text = """
            # Every setting stands below with its default. To change one, remove the "#" before its name.
            # A flag counts before an environment variable, that before this file, that before the default.

            """
        write(section: "", showingComputed: showingComputed, to: &text)
        return text
    }

    private func write(section: String, showingComputed: Bool, to text: inout String) {
        let prefix = section.isEmpty ? "" : section + "."
        let depth = section.isEmpty ? 0 : section.split(separator: ".").count
        let indentation = String(repeating: "  ", count: depth)
        var written: Set<String> = []
        for definition in definitions where definition.name.hasPrefix(prefix) {
            let rest = definition.name.dropFirst(prefix.count).split(separator: ".")
            guard let first = rest.first, written.insert(String(first)).inserted else { continue }
            text += "\n"
            if rest.count == 1 {
                write(definition, name: String(first), indentation, showingComputed: showingComputed, to: &text)
                continue
            }
            let inner = prefix + first
            if let summary = sectionSummaries[inner] { comment(summary, indentation, to: &text) }
            text += indentation + first + ":\n"
            write(section: inner, showingComputed: showingComputed, to: &text)
        }
    }

    private func write(
        _ definition: ConfigurationDefinition,
        name: String,
        _ indentation: String,
        showingComputed: Bool,
        to text: inout String
    ) {
        if !definition.summary.isEmpty { comment(definition.summary, indentation, to: &text) }
        comment("Takes " + definition.expectation + unit(definition) + ".", indentation, to: &text)
        let shown = definition.defaultRule ?? shownDefault(definition)
        comment("Default: \(shown). \(definition.reason)", indentation, to: &text)
        var source = "Environment: " + variable(definition.name)
        if definition.isSecret { source += ", or \(variable(definition.name))_FILE for a file that holds it" }
        comment(source + ".", indentation, to: &text)
        let value = definition.defaultRule == nil || showingComputed ? " " + yaml(definition.defaultValue) : ""
        text += indentation + "#" + name + ":" + value + "\n"
    }

    private func unit(_ definition: ConfigurationDefinition) -> String {
        definition.unit.isEmpty ? "" : " (\(definition.unit))"
    }

    private func shownDefault(_ definition: ConfigurationDefinition) -> String {
        let text = definition.defaultValue.text
        return text.isEmpty
            ? "empty" : text.unicodeScalars.allSatisfy(YAMLText.isAllowed) ? text : yaml(definition.defaultValue)
    }

    private func yaml(_ value: ConfigurationValue) -> String {
        switch value {
        case .boolean, .integer, .duration, .size: value.text
        case .text(let text): YAMLText.write(text)
        case .list(let texts): "[" + texts.map(YAMLText.write).joined(separator: ", ") + "]"
        }
    }

    /// Writes a comment in lines of up to 100 characters.
    private func comment(_ comment: String, _ indentation: String, to text: inout String) {
        var line = indentation + "#"
        for word in comment.split(whereSeparator: \.isWhitespace) {
            if line.count + 1 + word.count > 100, line.count > indentation.count + 1 {
                text += line + "\n"
                line = indentation + "#"
            }
            line += " " + word
        }
        text += line + "\n"
    }
}
