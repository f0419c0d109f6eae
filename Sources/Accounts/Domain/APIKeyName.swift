/// What a user calls an API key: 1 to 100 characters of any script, kept as typed.
///
/// A character is a Unicode scalar here; U+0000 is refused, which PostgreSQL cannot store.
package struct APIKeyName: Sendable {
    /// The greatest length, in Unicode scalars.
    package static let longest = 100

    /// The name as it was typed.
    package let text: String

    /// Checks a name that somebody typed.
    package init(_ text: String) throws(InvalidValue) {
        guard !text.isEmpty, text.utf8.count <= 4 * Self.longest, text.unicodeScalars.count <= Self.longest else {
            throw .keyNameLength
        }
        guard !text.utf8.contains(0) else { throw .nameContainsNull }
        self.text = text
    }

    /// Takes a name back from storage, unchecked; for repositories only.
    package init(stored text: String) {
        self.text = text
    }
}

extension APIKeyName: Hashable {
    /// Whether both were typed with the same bytes, as storage compares them.
    package static func == (left: APIKeyName, right: APIKeyName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
