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
