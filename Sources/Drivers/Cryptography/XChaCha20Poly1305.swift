internal import CSodium

/// Authenticated encryption by XChaCha20-Poly1305 (RFC 8439, draft-irtf-cfrg-xchacha-03).
///
/// A sealed text is the nonce, 24 random bytes, and behind it the encrypted bytes with their tag of 16. The nonce is long
/// enough to be drawn anew each time without ever coming twice.
public enum XChaCha20Poly1305 {
    private static let nonceSize = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagSize = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
    private static let keySize = Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)

    /// Encrypts bytes under a key of 32 bytes, bound to a context that is not part of what is sealed.
    ///
    /// A key of another size is a mistake of the program.
    public static func seal(_ bytes: [UInt8], key: [UInt8], context: [UInt8]) -> [UInt8] {
        precondition(key.count == keySize, "a key has 32 bytes")
        let nonce = SecureRandom.bytes(nonceSize)
        let sealedSize = bytes.count + tagSize
        // All arrays live for the length of the call and have the stated lengths; the capacity is what it writes.
        let sealed = unsafe [UInt8](unsafeUninitializedCapacity: sealedSize) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                start,
                nil,
                bytes,
                UInt64(bytes.count),
                context,
                UInt64(context.count),
                nil,
                nonce,
                key
            )
            initialized = sealedSize
        }
        return nonce + sealed
    }

    /// Decrypts what ``seal(_:key:context:)`` gave; nil where key or context are others, or a byte was changed.
    public static func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8]) -> [UInt8]? {
        precondition(key.count == keySize, "a key has 32 bytes")
        guard sealed.count >= nonceSize + tagSize else { return nil }
        let nonce = Array(sealed.prefix(nonceSize))
        let rest = Array(sealed.dropFirst(nonceSize))
        var isGenuine = false
        // As above. One byte more than is written, so that the storage has an address where nothing was sealed.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: rest.count - tagSize + 1) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            isGenuine =
                unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    start,
                    nil,
                    nil,
                    rest,
                    UInt64(rest.count),
                    context,
                    UInt64(context.count),
                    nonce,
                    key
                ) == 0
            initialized = isGenuine ? rest.count - tagSize : 0
        }
        return isGenuine ? bytes : nil
    }
}
