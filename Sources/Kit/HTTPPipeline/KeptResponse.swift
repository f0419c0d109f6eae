internal import JSON

extension Response {
    /// The response as bytes, to be kept and given again: reason and fields as a line of JSON, then the body.
    ///
    /// The number of the status is not in it.
    public var keptContent: [UInt8] {
        var writer = JSONWriter(capacity: 256 + body.count)
        writer.object { head in
            head.member("reason", status.reason)
            head.array("fields") { list in
                for field in fields {
                    list.array { pair in
                        pair.string(field.name)
                        pair.string(field.value)
                    }
                }
            }
        }
        writer.newline()
        return writer.bytes + body
    }

    /// Reads what ``keptContent`` made, or gives nil where it is something else.
    public init?(status: Int, keptContent content: [UInt8]) {
        guard let end = content.firstIndex(of: UInt8(ascii: "\n")),
            case .object(let head)? = try? JSONReader.read(Array(content[..<end])),
            case .string(let reason)? = head["reason"], case .array(let fields)? = head["fields"]
        else { return nil }
        self.init(Status(status, reason))
        for field in fields {
            guard case .array(let pair) = field, pair.count == 2, case .string(let name) = pair[0],
                case .string(let value) = pair[1]
            else { return nil }
            add(name, value)
        }
        body = Array(content[(end + 1)...])
    }
}
