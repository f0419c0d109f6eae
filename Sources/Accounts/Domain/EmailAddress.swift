/// An e-mail address, kept as it was typed.
///
/// The grammar is the one that browsers apply to `<input type="email">`, with
/// letters, marks and digits of any script beside ASCII (RFC 6531):
///
/// - exactly one `@`;
/// - before it 1 to 64 bytes: letters, digits, ``!#$%&'*+-/=?^_`{|}~`` and
///   dots that neither begin nor end it nor stand together;
/// - after it labels of 1 to 63 bytes, parted by dots: letters, digits, and
///   hyphens inside. One label is enough, so `root@localhost` is an address;
/// - no quotes, comments, address literals, spaces or controls.
///
/// Scalars that Unicode has not assigned are refused, so a later version of
/// Unicode cannot change how a stored address folds.
package struct EmailAddress: Sendable {
    /// The greatest length: what fits into a path of SMTP (RFC 5321, 4.5.3.1.3).
    package static let longestInBytes = 254

    /// The address as it was typed.
    package let text: String

    /// Checks an address that somebody typed.
    package init(_ text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.longestInBytes else { throw .emailTooLong }
        guard Self.isWellFormed(text) else { throw .email }
        self.text = text
    }

    /// Takes an address back from storage, unchecked.
    ///
    /// For repositories only: a grammar that has become stricter must not make
    /// stored users unreadable.
    package init(stored text: String) {
        self.text = text
    }

    /// The places in a list at which an address stands that stood before, each with the place where it stood first.
    ///
    /// What is nil is passed over.
    package static func repetitions(in addresses: [EmailAddress?]) -> [(place: Int, first: Int)] {
        var firstPlaces: [[UInt8]: Int] = [:]
        return addresses.enumerated().compactMap { place, address in
            guard let address else { return nil }
            let folded = Array(address.folded.utf8)
            if let first = firstPlaces[folded] { return (place, first) }
            firstPlaces[folded] = place
            return nil
        }
    }

    /// The form in which addresses are compared: two that fold to the same bytes are one.
    ///
    /// It is the lower-case mapping of Unicode, scalar by scalar: no
    /// normalisation, and it may have more bytes than the address itself.
    package var folded: String { Self.folded(text) }

    /// The same for a text that may be no address: what was typed to sign in.
    package static func folded(_ text: String) -> String { text.lowercased() }

    private static func isWellFormed(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let at = scalars.firstIndex(of: "@") else { return false }
        let local = scalars[..<at]
        let domain = scalars[scalars.index(after: at)...]
        return String(local).utf8.count <= 64
            && local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isAtom)
            && domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isAtom(_ scalars: Substring.UnicodeScalarView) -> Bool {
        guard let first = scalars.first, !isMark(first) else { return false }
        return scalars.allSatisfy { isWordScalar($0) || atomSigns.contains($0) }
    }

    private static func isLabel(_ scalars: Substring.UnicodeScalarView) -> Bool {
        guard let first = scalars.first, !isMark(first), first != "-", scalars.last != "-" else { return false }
        return String(scalars).utf8.count <= 63 && scalars.allSatisfy { isWordScalar($0) || $0 == "-" }
    }

    private static let atomSigns = Array("!#$%&'*+-/=?^_`{|}~".unicodeScalars)

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        case .decimalNumber, .letterNumber, .otherNumber: true
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}

extension EmailAddress: Hashable {
    /// Whether both were typed with the same bytes.
    ///
    /// `String` compares by canonical equivalence; storage compares bytes, and
    /// so does this. Whether two are the same address, `folded` tells.
    package static func == (left: EmailAddress, right: EmailAddress) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
