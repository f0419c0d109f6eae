public import JSON

extension CommittedChanges {
    /// The changes as JSON, to be stored with what made them: `{"tables": ["users"], "rows": [["users", "<id>"]]}`.
    ///
    /// Ids stand as in SQL: numbers, texts, and bytes as hexadecimal digits in an object `{"x": "0a"}`.
    public var json: JSONValue {
        .object(
            JSONObject([
                .init(name: "tables", value: .array(tables.sorted().map(JSONValue.string))),
                .init(name: "rows", value: .array(rows.map { .array([.string($0.table), $0.id.json]) })),
            ])
        )
    }

    /// The same as text.
    public var text: String {
        var writer = JSONWriter(capacity: 128)
        json.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Reads what ``text`` made, or gives nil where it is something else.
    public init?(text: String) {
        guard let json = try? JSONReader.read(Array(text.utf8)) else { return nil }
        self.init(json: json)
    }

    /// Reads what ``json`` made, or gives nil where it is something else.
    public init?(json: JSONValue) {
        self.init()
        guard case .object(let object) = json, case .array(let tables)? = object["tables"],
            case .array(let rows)? = object["rows"]
        else { return nil }
        for table in tables {
            guard case .string(let name) = table else { return nil }
            add(table: name)
        }
        for row in rows {
            guard case .array(let pair) = row, pair.count == 2, case .string(let table) = pair[0],
                let id = DatabaseValue(json: pair[1])
            else { return nil }
            add(table, id)
        }
    }
}

extension DatabaseValue {
    fileprivate var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let integer): .integer(integer)
        case .real(let real): .number(real)
        case .text(let text): .string(text)
        case .bytes(let bytes): .object(JSONObject([.init(name: "x", value: .string(Hexadecimal.text(of: bytes)))]))
        }
    }

    fileprivate init?(json: JSONValue) {
        switch json {
        case .null: self = .null
        case .integer(let integer): self = .integer(integer)
        case .number(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .object(let object):
            guard case .string(let digits)? = object["x"], let bytes = Hexadecimal.bytes(of: digits) else { return nil }
            self = .bytes(bytes)
        case .bool, .unsigned, .array: return nil
        }
    }
}

/// Bytes as text, two digits each.
private enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(of text: String) -> [UInt8]? {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        guard values.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: values.count, by: 2) {
            guard let high = values[index], let low = values[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
