/// The beginning of texts, in the folded form in which they are compared.
///
/// The texts that begin so are those from `text` up to `end`, compared by bytes: a stretch of an index, where a pattern
/// such as LIKE would have to be held against every row.
package struct FoldedPrefix: Sendable {
    /// What the folded texts begin with.
    package let text: String

    /// The first text behind all that begin so; nil where there is none.
    package let end: String?

    /// Folds a prefix that somebody typed.
    package init(_ typed: String) {
        text = typed.lowercased()
        end = Self.successor(of: text)
    }

    /// Whether a folded text begins so, byte for byte.
    package func matches(_ folded: String) -> Bool {
        folded.utf8.starts(with: text.utf8)
    }

    /// UTF-8 sorts as scalars do, so it is enough to raise the last scalar that can be raised.
    private static func successor(of text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            if let next = scalar(after: last) {
                return String(String.UnicodeScalarView(scalars + [next]))
            }
        }
        return nil
    }

    /// Surrogates are no scalars.
    private static func scalar(after scalar: Unicode.Scalar) -> Unicode.Scalar? {
        scalar.value == 0xD7FF ? Unicode.Scalar(0xE000 as UInt32) : Unicode.Scalar(scalar.value + 1)
    }
}
