/// A message with places for values: a file of text whose first line is the subject, and a file of HTML.
///
/// A place is a name in two pairs of braces: `{{link}}`. There is nothing else: no conditions, no code. In HTML a value is
/// escaped; in text it stands in one line.
public struct MailTemplate: Sendable {
    /// A template that cannot be used.
    public struct Mistake: Error, CustomStringConvertible, Equatable {
        /// In words, with the name of the file.
        public let description: String
    }

    private enum Part: Sendable {
        case literal(String)
        case place(String)
    }

    private let subject: [Part]
    private let text: [Part]
    private let html: [Part]

    /// Reads both files.
    ///
    /// - Parameters:
    ///   - name: what mistakes call it.
    ///   - text: `Subject: ...`, an empty line, and the text.
    ///   - html: the HTML.
    ///   - values: the names that places may have.
    /// - Throws: where the subject is missing, or a place has another name or no end.
    public init(name: String, text: String, html: String, values: Set<String>) throws(Mistake) {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasPrefix("Subject: "), lines[1].isEmpty else {
            throw Mistake(description: "\(name).txt must begin with a line \"Subject: ...\" and an empty line")
        }
        subject = try Self.parts(of: String(lines[0].dropFirst(9)), "\(name).txt", values)
        self.text = try Self.parts(of: String(lines[2]), "\(name).txt", values)
        self.html = try Self.parts(of: html, "\(name).html", values)
    }

    /// Subject, text and HTML with these values; a name without one stands for nothing.
    public func filled(with values: [String: String]) -> (subject: String, text: String, html: String) {
        (
            Self.filled(subject, values, Self.oneLine),
            Self.filled(text, values, Self.oneLine),
            Self.filled(html, values) { Self.escaped(Self.oneLine($0)) }
        )
    }

    private static func parts(of text: String, _ file: String, _ names: Set<String>) throws(Mistake) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            parts.append(.literal(String(rest[..<start.lowerBound])))
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else {
                throw Mistake(description: "\(file): a place has no end: {{\(rest.prefix(30))")
            }
            let name = String(rest[..<end.lowerBound])
            guard names.contains(name) else {
                let known = names.sorted().joined(separator: ", ")
                throw Mistake(description: "\(file): there is no {{\(name.prefix(30))}}, but \(known)")
            }
            parts.append(.place(name))
            rest = rest[end.upperBound...]
        }
        return parts + [.literal(String(rest))]
    }

    private static func filled(
        _ parts: [Part],
        _ values: [String: String],
        _ convert: (String) -> String
    ) -> String {
        parts.map { part in
            switch part {
            case .literal(let text): text
            case .place(let name): convert(values[name] ?? "")
            }
        }.joined()
    }

    /// What a user calls himself must not look like lines of the site's.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }
            )
        )
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
