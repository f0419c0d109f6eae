import HTTPPipeline
import JSON

extension ClientRequest {
    /// Reads a request from its block in a file.
    init(text: String) {
        let parts = text.split(separator: "\n\n", maxSplits: 1)
        let lines = parts[0].split(separator: "\n")
        let words = lines[0].split(separator: " ", maxSplits: 2)
        self.init(
            String(words[1]),
            words.count > 2 ? String(words[2]) : "",
            fields: lines.dropFirst().map { line in
                let pair = line.split(separator: ":", maxSplits: 1)
                return (String(pair[0]), Self.filled(pair.count > 1 ? String(pair[1].drop { $0 == " " }) : ""))
            },
            body: parts.count > 1 ? String(parts[1]) : ""
        )
    }

    private static func filled(_ value: String) -> String {
        let tokens = [
            "administrator": Token.administrator, "member": Token.member, "expired": Token.expired,
            "disabled": Token.disabled, "unknown": Token.unknown,
        ]
        return tokens.reduce(value) { value, token in
            value.split(separator: "{\(token.key)}", omittingEmptySubsequences: false).joined(separator: token.value)
        }
    }
}

extension Response {
    /// The block of an answer in a file: fields by name, the body as JSON that people can read.
    var exchangeText: String {
        let head = "<-- \(status.code) \(status.reason)"
        let lines = fields.map { "\($0.name): \($0.value)" }.sorted()
        let top = ([head] + lines).joined(separator: "\n")
        guard !body.isEmpty else { return top }
        let text = (try? JSONReader.read(body))?.indented() ?? String(decoding: body, as: UTF8.self)
        return top + "\n\n" + text
    }
}

extension JSONValue {
    /// The value on many lines.
    func indented(_ margin: String = "") -> String {
        switch self {
        case .object(let object) where !object.members.isEmpty:
            block(
                "{",
                object.members.map { "\(Self.string($0.name).text): \($0.value.indented(margin + "  "))" },
                "}",
                margin
            )
        case .array(let elements) where !elements.isEmpty:
            block("[", elements.map { $0.indented(margin + "  ") }, "]", margin)
        default:
            text
        }
    }

    private func block(_ open: String, _ lines: [String], _ close: String, _ margin: String) -> String {
        let inner = lines.map { "\(margin)  \($0)" }.joined(separator: ",\n")
        return "\(open)\n\(inner)\n\(margin)\(close)"
    }

    private var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
