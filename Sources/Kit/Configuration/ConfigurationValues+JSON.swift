public import JSON

/// Why a document is not a configuration that another process wrote.
///
/// It means that the two processes are not of the same program, or that the document was damaged on its way.
public struct ConfigurationDocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An English sentence.
    ///
    /// It never holds a value.
    public let description: String
}

extension ConfigurationValues {
    /// All effective values with their origins as a JSON document, for another process of the same program.
    ///
    /// Secrets stand in it as they are: hand it over by a descriptor, never by a file or an argument.
    public func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.object { writer in
            writer.member("configuration", 1)
            writer.array("values") { writer in
                for entry in entries {
                    writer.object { writer in
                        writer.member("name", entry.definition.name)
                        writer.member("value", entry.value)
                        writer.member("origin", entry.origin)
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Reads a document that ``json()`` wrote.
    ///
    /// The document must hold exactly the keys of the table, each with a value that the table allows.
    public init(json: [UInt8], table: ConfigurationTable) throws(ConfigurationDocumentError) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONReader.read(json, limits: JSONLimits(bytes: 16 << 20))
        } catch {
            throw ConfigurationDocumentError(description: "The configuration is not JSON. " + error.message)
        }
        guard case .object(let root) = document, root["configuration"] == .integer(1),
            case .array(let values)? = root["values"]
        else { throw ConfigurationDocumentError(description: "The document is not a configuration.") }

        var found: [String: Entry] = [:]
        for value in values {
            guard case .object(let setting) = value, case .string(let name)? = setting["name"],
                let json = setting["value"], let origin = setting["origin"].flatMap(ConfigurationOrigin.init(json:))
            else { throw ConfigurationDocumentError(description: "A setting of the configuration is malformed.") }
            guard let definition = table.definition(name), found[name] == nil else {
                throw ConfigurationDocumentError(
                    description: "The configuration holds \(name), which is not known here."
                )
            }
            guard let value = definition.kind.value(json: json),
                (try? definition.checked(value, written: "")) != nil
            else {
                throw ConfigurationDocumentError(
                    description: "The configuration holds a value of \(name) that is not allowed."
                )
            }
            found[name] = Entry(definition: definition, value: value, origin: origin)
        }
        var entries: [Entry] = []
        for definition in table.definitions {
            guard let entry = found[definition.name] else {
                throw ConfigurationDocumentError(description: "The configuration lacks \(definition.name).")
            }
            entries.append(entry)
        }
        self.init(entries)
    }
}

extension ConfigurationValue: JSONWritable {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .boolean(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .duration(let nanoseconds): writer.integer(nanoseconds)
        case .size(let bytes): writer.integer(bytes)
        case .text(let text): writer.string(text)
        case .list(let texts): texts.write(to: &writer)
        }
    }
}

extension ConfigurationKind {
    fileprivate func value(json: JSONValue) -> ConfigurationValue? {
        switch (self, json) {
        case (.boolean, .bool(let value)): return .boolean(value)
        case (.integer, .integer(let value)): return .integer(Int(value))
        case (.duration, .integer(let value)): return .duration(nanoseconds: value)
        case (.size, .integer(let value)): return .size(bytes: Int(value))
        case (.text, .string(let text)), (.path, .string(let text)), (.choice, .string(let text)): return .text(text)
        case (.list, .array(let elements)):
            var texts: [String] = []
            for element in elements {
                guard case .string(let text) = element else { return nil }
                texts.append(text)
            }
            return .list(texts)
        default: return nil
        }
    }
}

extension ConfigurationOrigin: JSONWritable {
    /// Writes the origin as an object.
    ///
    /// For ``ConfigurationValues/json()``.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .file(let path, let line):
                writer.member("file", path)
                writer.member("line", line)
            case .environment(let variable):
                writer.member("variable", variable)
            case .environmentFile(let variable, let path):
                writer.member("variable", variable)
                writer.member("file", path)
            case .flag(let text):
                writer.member("flag", text)
            case .byDefault(let rule):
                writer.member("default", rule)
            }
        }
    }

    fileprivate init?(json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        switch (object["variable"], object["file"], object["line"], object["flag"], object["default"]) {
        case (nil, .string(let path)?, .integer(let line)?, nil, nil): self = .file(path: path, line: Int(line))
        case (nil, .string(let path)?, .null?, nil, nil): self = .file(path: path, line: nil)
        case (.string(let variable)?, nil, nil, nil, nil): self = .environment(variable: variable)
        case (.string(let variable)?, .string(let path)?, nil, nil, nil):
            self = .environmentFile(variable: variable, path: path)
        case (nil, nil, nil, .string(let text)?, nil): self = .flag(text)
        case (nil, nil, nil, nil, .string(let rule)?): self = .byDefault(rule: rule)
        case (nil, nil, nil, nil, .null?): self = .byDefault(rule: nil)
        default: return nil
        }
    }
}
