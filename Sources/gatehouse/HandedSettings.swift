internal import JSON

/// A checked configuration as it goes from the process that checked it to the supervisor and its workers.
struct HandedSettings {
    let dataPath: String
    let values: [UInt8]

    init(dataPath: String, values: [UInt8]) {
        self.dataPath = dataPath
        self.values = values
    }

    init(bytes: [UInt8]) throws {
        guard case .object(let object) = try JSONReader.read(bytes),
            case .string(let dataPath)? = object["data"], let values = object["values"]
        else { throw Failure("the configuration that was handed over cannot be read") }
        var writer = JSONWriter()
        values.write(to: &writer)
        self.init(dataPath: dataPath, values: writer.bytes)
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { document in
            document.member("data", dataPath)
            document.member("values", raw: values)
        }
        return writer.bytes
    }
}
