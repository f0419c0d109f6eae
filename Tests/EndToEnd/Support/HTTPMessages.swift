import JSON

/// A request as a client writes it.
struct HTTPRequest: Sendable {
    var method: String
    var path: String
    var fields: [String] = []
    var body: [UInt8]?

    init(_ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.fields = fields
        self.body = body
        if let token { self.fields.append("Authorization: Bearer \(token)") }
    }

    /// A request with a JSON body.
    init(_ method: String, _ path: String, token: String? = nil, json: String, fields: [String] = []) {
        self.init(
            method,
            path,
            token: token,
            fields: fields + ["Content-Type: application/json"],
            body: Array(json.utf8)
        )
    }

    /// The bytes of HTTP/1.1.
    var bytes: [UInt8] {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + fields
        if let body { lines.append("Content-Length: \(body.count)") }
        return Array(lines.map { "\($0)\r\n" }.joined().utf8) + [13, 10] + (body ?? [])
    }
}

/// A response, whole.
struct HTTPResponse: Sendable {
    let version: String
    let status: Int
    let fields: [(name: String, value: String)]
    var body: [UInt8]

    /// Reads the head of a response.
    init(head: some Sequence<UInt8>) throws {
        var lines = String(decoding: Array(head), as: UTF8.self).split(separator: "\r\n")
        let start = (lines.isEmpty ? "" : lines.removeFirst()).split(separator: " ")
        guard start.count >= 2, start[0].hasPrefix("HTTP/"), let status = Int(start[1]) else {
            throw Failure("this is no response of HTTP: \(start)")
        }
        version = String(start[0].dropFirst("HTTP/".count))
        self.status = status
        fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]).lowercased(), parts.count < 2 ? "" : String(parts[1].drop { $0 == " " }))
        }
        body = []
    }

    /// Where the empty line after a head begins.
    static func endOfHead(in bytes: [UInt8]) -> Int? {
        var index = 3
        while index < bytes.count {
            if bytes[index] == 10, bytes[index - 1] == 13, bytes[index - 2] == 10 { return index - 3 }
            index += 1
        }
        return nil
    }

    /// The values of all fields of that name, which is in lower case.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The value of the first field of that name.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    func json() throws -> JSONValue {
        do {
            return try JSONReader.read(body)
        } catch {
            throw Failure("the body of this \(status) is no JSON (\(error)): \(text)")
        }
    }

    /// The code of an error's body.
    var errorCode: String? { (try? json())?["error"]?["code"]?.string }
}

extension JSONValue {
    /// The names of an object's members, in their order.
    var names: [String] {
        guard case .object(let object) = self else { return [] }
        return object.members.map(\.name)
    }
}
