/// The lexical elements of a document that are not ignored (section 2.1.6).
struct Token {
    enum Kind {
        case end
        case bang, dollar, ampersand, openParenthesis, closeParenthesis, spread, colon, equals, at
        case openBracket, closeBracket, openBrace, pipe, closeBrace
        case name, int, float, string, blockString
    }

    let kind: Kind

    /// The bytes of the source that it takes.
    let start: Int
    let end: Int

    /// What a string says, without quotation marks and escapes; empty for other tokens, whose text is their bytes.
    let value: String

    init(_ kind: Kind, _ start: Int, _ end: Int, value: String = "") {
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
    }
}

extension Token.Kind {
    /// As error messages name it.
    var name: String {
        switch self {
        case .end: "<EOF>"
        case .bang: "'!'"
        case .dollar: "'$'"
        case .ampersand: "'&'"
        case .openParenthesis: "'('"
        case .closeParenthesis: "')'"
        case .spread: "'...'"
        case .colon: "':'"
        case .equals: "'='"
        case .at: "'@'"
        case .openBracket: "'['"
        case .closeBracket: "']'"
        case .openBrace: "'{'"
        case .pipe: "'|'"
        case .closeBrace: "'}'"
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        }
    }
}
