/// The directives of a file in nginx's language, without the blocks they stand in.
///
/// Each is its words: quotes are taken away, comments are left out, and so are the heads of blocks.
struct NginxDirectives {
    private(set) var all: [[String]] = []

    /// Reads any text; what is no directive is passed over.
    init(_ text: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        var isComment = false
        func end() {
            if let finished = word { words.append(finished) }
            word = nil
        }
        for character in text {
            if isComment {
                isComment = !character.isNewline
            } else if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else {
                switch character {
                case "\"", "'":
                    quote = character
                    word = word ?? ""
                case "#" where word == nil: isComment = true
                case ";":
                    end()
                    if !words.isEmpty { all.append(words) }
                    words = []
                case "{", "}":
                    end()
                    words = []
                case _ where character.isWhitespace: end()
                default: word = (word ?? "") + String(character)
                }
            }
        }
    }

    /// The arguments of the last directive of a name, which is the one that counts in a block.
    subscript(_ name: String) -> [String]? {
        all.last { $0.first == name }.map { Array($0.dropFirst()) }
    }

    /// The arguments of each directive of a name.
    func every(_ name: String) -> [[String]] {
        all.filter { $0.first == name }.map { Array($0.dropFirst()) }
    }

    /// A size in bytes, such as `64k`.
    static func bytes(_ text: String) -> Int? {
        number(text, units: ["": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30])
    }

    /// A time in milliseconds, such as `60s`; without a unit seconds are meant.
    static func milliseconds(_ text: String) -> Int? {
        number(text, units: ["": 1000, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000])
    }

    private static func number(_ text: String, units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units[text.dropFirst(digits.count).lowercased()] else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : product
    }
}
