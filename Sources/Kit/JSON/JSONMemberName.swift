/// The name of a member as it stands in the source of the program.
///
/// It is made from a string literal only, so it needs no escaping: it must hold no quotation mark, no backslash and no
/// control character, which a debug build asserts.
public struct JSONMemberName: ExpressibleByStringLiteral, Sendable {
    @usableFromInline
    let text: String

    /// Takes the literal.
    ///
    /// Not meant to be called; write a string literal where a name is wanted.
    @inlinable
    public init(stringLiteral literal: String) {
        assert(
            literal.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") },
            "A member name in the source must need no escaping."
        )
        text = literal
    }
}
