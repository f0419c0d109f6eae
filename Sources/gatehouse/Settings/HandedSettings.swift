internal import JSON

/// A checked configuration as it goes from the process that checked it to the supervisor and its workers.
struct HandedSettings {
    let dataPath: String
    let values: [UInt8]
    /// For the supervisor.
    let pool: [UInt8]
    /// As the key file holds them; the document goes by descriptor, never over a file system.
    let keys: String

    init(dataPath: String, values: [UInt8], pool: [UInt8], keys: String) {
        self.dataPath = dataPath
        self.values = values
        self.pool = pool
        self.keys = keys
    }

    init(bytes: [UInt8]) throws {
        guard let document = try? JSONReader.read(bytes), case .object(let object) = document,
            case .string(let dataPath)? = object["data"],
            case .string(let keys)? = object["keys"],
            let values = object["values"],
            let pool = object["pool"]
        else { throw Failure("the configuration that was handed over cannot be read") }
        self.init(dataPath: dataPath, values: Self.bytes(of: values), pool: Self.bytes(of: pool), keys: keys)
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { document in
            document.member("data", dataPath)
            document.member("pool", raw: pool)
            document.member("values", raw: values)
            document.member("keys", keys)
        }
        return writer.bytes
    }

    private static func bytes(of value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        value.write(to: &writer)
        return writer.bytes
    }
}
