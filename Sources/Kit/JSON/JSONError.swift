/// What is wrong with a JSON text, and where.
///
/// Its message may be shown to whoever sent the text.
public struct JSONError: Error, Sendable, Equatable {
    /// What is wrong.
    ///
    /// Each kind has one sentence.
    public enum Kind: Sendable, Equatable {
        /// The text ends too early; an empty text does so too.
        case unexpectedEnd
        /// A byte that cannot stand where a value is expected.
        case valueExpected
        /// Something else than the quotation mark of a name stands in an object.
        case nameExpected
        /// A name is not followed by a colon.
        case colonExpected
        /// A value in an array is followed neither by a comma nor by a closing bracket.
        case commaOrBracketExpected
        /// A member is followed neither by a comma nor by a closing brace.
        case commaOrBraceExpected
        /// Something follows the value.
        case trailingBytes
        /// The text begins with a byte order mark.
        case byteOrderMark
        /// A string holds bytes that are not UTF-8.
        case invalidUTF8
        /// A string holds a control character that must be escaped.
        case controlCharacter
        /// A backslash is followed by something that it cannot escape.
        case invalidEscape
        /// An escape names one half of a surrogate pair without the other.
        case loneSurrogate
        /// A number does not have the form that JSON wants; a leading zero or plus is one case.
        case invalidNumber
        /// A number is too large for a double.
        case numberOutOfRange
        /// Two members of an object have this name.
        case duplicateMember(String)
        /// Arrays and objects are nested deeper than this many levels.
        case tooDeep(limit: Int)
        /// The text has more than this many bytes.
        case tooLarge(limit: Int)
    }

    /// What is wrong.
    ///
    /// For programs; people read ``message``.
    public let kind: Kind

    /// The byte at which it is wrong, from 0.
    ///
    /// The number of bytes where the text ends too early.
    public let offset: Int

    /// The line at which it is wrong, from 1.
    ///
    /// Lines end with a line feed.
    public let line: Int

    /// The column at which it is wrong, from 1.
    ///
    /// In code points; what is not UTF-8 before it makes it approximate.
    public let column: Int

    init(_ fault: JSONFault, in bytes: Span<UInt8>) {
        kind = fault.kind
        offset = fault.offset
        var line = 1
        var column = 1
        for index in 0..<min(fault.offset, bytes.count) {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }
}

/// What is wrong and where in bytes; lines are counted only when somebody is told.
struct JSONFault: Error {
    let kind: JSONError.Kind
    let offset: Int
}

extension JSONError: CustomStringConvertible {
    /// One English sentence with line and column, such as "Line 2, column 7: nothing may follow the value.".
    ///
    /// It may hold a name from the text, cut to 64 characters, so escape it where it is shown.
    public var message: String {
        "Line \(line), column \(column): \(reason)."
    }

    /// The same as ``message``.
    ///
    /// For interpolation.
    public var description: String { message }

    private var reason: String {
        switch kind {
        case .unexpectedEnd: "the text ends too early"
        case .valueExpected: "a value is expected"
        case .nameExpected: "the name of a member is expected, in double quotation marks"
        case .colonExpected: "a colon must follow the name of a member"
        case .commaOrBracketExpected: "a comma or a closing bracket is expected"
        case .commaOrBraceExpected: "a comma or a closing brace is expected"
        case .trailingBytes: "nothing may follow the value"
        case .byteOrderMark: "the text must not begin with a byte order mark"
        case .invalidUTF8: "a string holds bytes that are not UTF-8"
        case .controlCharacter: "a control character in a string must be escaped"
        case .invalidEscape: "a backslash is followed by something that it cannot escape"
        case .loneSurrogate: "a surrogate in a string lacks its other half"
        case .invalidNumber: "a number does not have the form that JSON wants"
        case .numberOutOfRange: "a number is too large"
        case .duplicateMember(let name): "the member \"\(name.prefix(64))\" appears twice in one object"
        case .tooDeep(let limit): "arrays and objects are nested deeper than \(limit) levels"
        case .tooLarge(let limit): "the text is longer than \(limit) bytes"
        }
    }
}
