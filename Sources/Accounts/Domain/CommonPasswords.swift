/// Knows the passwords that somebody who guesses tries first.
///
/// A list of the most used passwords refuses nothing here: they are shorter than a password may be. People make long
/// ones of the same pieces, so it is the pieces that are known: words that lead every list, phrases that everybody
/// knows, rows and columns of keyboards, years, and what belongs to the user and to the site. A password is common if
/// three such pieces, or single characters, make all of it; case, separators, repetition and the usual digits and signs
/// in place of letters do not help. See `CommonPasswords.words` for where the words come from.
package struct CommonPasswords: Sendable {
    private let ofSite: [String]

    /// Knows the words of a site too; `siteName` is what people call it.
    package init(siteName: String = "") {
        ofSite = Self.context("gatehouse") + Self.context(siteName)
    }

    /// Whether a password is among those that are guessed first for the user with this address and this name.
    package func contains(_ password: Password, of email: EmailAddress, named name: PersonName) -> Bool {
        let typed = Self.plain(String(decoding: Array(password.utf8), as: UTF8.self))
        let text = typed.prefix(Self.period(of: typed))
        guard text.count >= Self.fewestCharacters else { return true }
        let context = ofSite + Self.context(email.text) + Self.context(name.text)
        return Self.isMade(text, ofPieces: Self.fewestPieces - 1, with: context)
    }

    /// So many pieces, or single characters, make a password that is not common.
    private static let fewestPieces = 4

    /// So many characters must be left when separators and repetition are taken away.
    private static let fewestCharacters = 8

    // MARK: - Pieces

    private static func isMade(
        _ text: ArraySlice<Unicode.Scalar>,
        ofPieces most: Int,
        with context: [String]
    ) -> Bool {
        if text.isEmpty { return true }
        guard most > 0 else { return false }
        return lengths(at: text, with: context).contains { length in
            isMade(skippingRepeats(text, of: length), ofPieces: most - 1, with: context)
        }
    }

    /// The lengths of the pieces with which a text begins; a single character is always one.
    private static func lengths(at text: ArraySlice<Unicode.Scalar>, with context: [String]) -> Set<Int> {
        var lengths: Set = [1]
        for word in words where begins(text, with: word) { lengths.insert(word.unicodeScalars.count) }
        for word in context where begins(text, with: word) { lengths.insert(word.unicodeScalars.count) }
        if let run = longestRun(at: text) { lengths.insert(run) }
        if beginsWithYear(text) { lengths.insert(4) }
        return lengths
    }

    private static func begins(_ text: ArraySlice<Unicode.Scalar>, with word: String) -> Bool {
        var index = text.startIndex
        for letter in word.unicodeScalars {
            guard index < text.endIndex, stands(text[index], for: letter) else { return false }
            index += 1
        }
        return true
    }

    /// Whether people write a character in place of a letter.
    private static func stands(_ character: Unicode.Scalar, for letter: Unicode.Scalar) -> Bool {
        if character == letter { return true }
        return switch letter {
        case "a": character == "@" || character == "4"
        case "b": character == "8"
        case "e": character == "3"
        case "g": character == "9"
        case "i": character == "1" || character == "!"
        case "l": character == "1"
        case "o": character == "0"
        case "s": character == "$" || character == "5"
        case "t": character == "7" || character == "+"
        case "z": character == "2"
        default: false
        }
    }

    /// The greatest number of characters, three or more, that stand side by side on one of the tracks.
    private static func longestRun(at text: ArraySlice<Unicode.Scalar>) -> Int? {
        var longest = 0
        for track in tracks {
            for start in track.indices where track[start] == text.first {
                for step in [1, -1] {
                    var length = 1
                    while length < text.count, track.indices.contains(start + step * length),
                        track[start + step * length] == text[text.startIndex + length]
                    {
                        length += 1
                    }
                    longest = max(longest, length)
                }
            }
        }
        return longest >= 3 ? longest : nil
    }

    private static func beginsWithYear(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let year = Array(text.prefix(4))
        return year.count == 4 && (year.starts(with: ["1", "9"]) || year.starts(with: ["2", "0"]))
            && year.allSatisfy { ("0"..."9").contains($0) }
    }

    // MARK: - Repetition

    private static func skippingRepeats(
        _ text: ArraySlice<Unicode.Scalar>,
        of length: Int
    ) -> ArraySlice<Unicode.Scalar> {
        let piece = text.prefix(length)
        var rest = text.dropFirst(length)
        while rest.starts(with: piece) { rest = rest.dropFirst(length) }
        return rest
    }

    /// The length of what a text repeats, the last time perhaps in part; that of the text if it repeats nothing.
    private static func period(of text: [Unicode.Scalar]) -> Int {
        // The longest proper beginning of each prefix that is also its end, as Knuth, Morris and Pratt find it.
        var borders = [0]
        for index in text.indices.dropFirst() {
            var border = borders[index - 1]
            while border > 0, text[border] != text[index] { border = borders[border - 1] }
            borders.append(text[border] == text[index] ? border + 1 : 0)
        }
        let period = text.count - (text.isEmpty ? 0 : borders[text.count - 1])
        return period <= text.count / 2 ? period : text.count
    }

    // MARK: - Texts

    /// The characters in lower case without those that only part words.
    private static func plain(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.filter { !isSeparator($0) }
    }

    private static func isSeparator(_ character: Unicode.Scalar) -> Bool {
        character.properties.isWhitespace || "-_.,".unicodeScalars.contains(character)
    }

    /// The words of a text that belongs to a user or a site, the whole of it among them.
    private static func context(_ text: String) -> [String] {
        let whole = plain(text)
        let parts = text.lowercased().unicodeScalars.split { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }
        let beforeAt = whole.prefix { $0 != "@" }
        return Set(([whole, Array(beforeAt)] + parts.map(Array.init(_:))).filter { $0.count >= 3 })
            .map { scalars in
                var text = String.UnicodeScalarView()
                text.append(contentsOf: scalars)
                return String(text)
            }
    }
}
