internal import Cryptography

/// The secrets of one instance, newest last: the newest signs, all of them verify.
///
/// What was signed before a rotation is thus still good. For each purpose a key of its own is derived, so that a tag made
/// for one is worth nothing for another.
package struct InstanceKeys: Sendable, Equatable {
    /// The text cannot be read as keys.
    package struct Malformed: Error, CustomStringConvertible {
        /// The line, from 1.
        let line: Int

        /// In words, for the operator.
        package var description: String { "line \(line) is no key: 64 hexadecimal digits are expected" }
    }

    /// What a key is used for.
    package enum Purpose: String, Sendable {
        /// Signing the cursors of lists.
        case cursor
        /// Fingerprints of what was asked for.
        case fingerprint
        /// Making the tokens of mails.
        case confirmation
        /// Sealing what was answered.
        case receipt
        /// Sealing the secrets of webhooks.
        case webhook
    }

    private let secrets: [[UInt8]]

    /// Makes keys with one new secret.
    package init() {
        secrets = [SecureRandom.bytes(32)]
    }

    private init(secrets: [[UInt8]]) {
        self.secrets = secrets
    }

    /// Reads keys as ``text`` wrote them.
    package init(text: String) throws(Malformed) {
        var secrets: [[UInt8]] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let secret = Self.bytes(hexadecimal: line) else { throw Malformed(line: index + 1) }
            secrets.append(secret)
        }
        guard !secrets.isEmpty else { throw Malformed(line: 1) }
        self.secrets = secrets
    }

    /// The keys as the text of a file, newest last.
    package var text: String {
        let lines = secrets.map { secret in
            secret.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        }
        return "# The secrets of this instance; the last one signs. Keep the file, and keep it secret.\n"
            + lines.joined(separator: "\n") + "\n"
    }

    /// The keys with a new one that signs from now on; of the old ones the newest three are still read.
    package func rotated() -> InstanceKeys {
        InstanceKeys(secrets: secrets.suffix(3) + [SecureRandom.bytes(32)])
    }

    /// The number of secrets.
    package var count: Int { secrets.count }

    /// Signs bytes by the newest key; 32 bytes.
    package func sign(_ bytes: [UInt8], for purpose: Purpose) -> [UInt8] {
        guard let newest = secrets.last else { return [] }
        return Self.tag(bytes, purpose, newest)
    }

    /// True where any of the keys has signed these bytes; `tag` may be cut to its first bytes, eight at least.
    package func verify(_ tag: [UInt8], of bytes: [UInt8], for purpose: Purpose) -> Bool {
        guard (8...32).contains(tag.count) else { return false }
        return secrets.contains { secret in
            HMACSHA256.areEqual(Array(Self.tag(bytes, purpose, secret).prefix(tag.count)), tag)
        }
    }

    /// The tags of bytes under all keys, that of the newest first; 32 bytes each.
    package func tags(of bytes: [UInt8], for purpose: Purpose) -> [[UInt8]] {
        secrets.reversed().map { Self.tag(bytes, purpose, $0) }
    }

    /// Encrypts bytes under the newest key, bound to a context.
    package func seal(_ bytes: [UInt8], for purpose: Purpose, context: [UInt8]) -> [UInt8] {
        guard let newest = secrets.last else { return [] }
        return XChaCha20Poly1305.seal(bytes, key: Self.key(for: purpose, newest), context: context)
    }

    /// Decrypts what ``seal(_:for:context:)`` gave under any of the keys; nil where none opens it.
    package func open(_ sealed: [UInt8], for purpose: Purpose, context: [UInt8]) -> [UInt8]? {
        for secret in secrets.reversed() {
            let key = Self.key(for: purpose, secret)
            if let bytes = XChaCha20Poly1305.open(sealed, key: key, context: context) { return bytes }
        }
        return nil
    }

    private static func tag(_ bytes: [UInt8], _ purpose: Purpose, _ secret: [UInt8]) -> [UInt8] {
        HMACSHA256.tag(of: bytes, key: key(for: purpose, secret))
    }

    private static func key(for purpose: Purpose, _ secret: [UInt8]) -> [UInt8] {
        HMACSHA256.tag(of: Array(purpose.rawValue.utf8), key: secret)
    }

    private static func bytes(hexadecimal text: Substring) -> [UInt8]? {
        guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else { return nil }
        var bytes: [UInt8] = []
        var rest = text
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
