/// What a user is called: 1 to 200 characters of any script, kept as typed.
///
/// A character is a Unicode scalar here, as it is in JSON Schema and in SQL.
/// Only U+0000 is refused, which PostgreSQL cannot store.
package struct PersonName: Sendable {
    /// The greatest length, in Unicode scalars.
    package static let longest = 200

    /// The name as it was typed.
    package let text: String

    /// Checks a name that somebody typed.
    package init(_ text: String) throws(InvalidValue) {
        // A scalar has at most four bytes: an enormous text is refused uncounted.
        guard !text.isEmpty, text.utf8.count <= 4 * Self.longest, text.unicodeScalars.count <= Self.longest else {
            throw .nameLength
        }
        guard !text.utf8.contains(0) else { throw .nameContainsNull }
        self.text = text
    }

    /// Takes a name back from storage, unchecked; for repositories only.
    package init(stored text: String) {
        self.text = text
    }

    /// The form by which names are sorted, compared by bytes: the lower-case mapping of Unicode.
    package var folded: String { text.lowercased() }
}

extension PersonName: Hashable {
    /// Whether both were typed with the same bytes, as storage compares them.
    package static func == (left: PersonName, right: PersonName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
