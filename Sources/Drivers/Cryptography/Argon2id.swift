internal import CSodium

/// Password hashing by Argon2id (RFC 9106), as PHC strings that carry their parameters and salt.
public struct Argon2id: Sendable, Equatable {
    /// The memory of one hash, in bytes.
    public let memory: Int
    /// The number of passes over it.
    public let passes: Int

    /// Sets the cost of one hash; one lane always.
    ///
    /// The default is OWASP's first recommendation for one lane, 19 MiB and two passes.
    public init(memory: Int = 19_456 << 10, passes: Int = 2) {
        self.memory = memory
        self.passes = passes
    }

    /// There was no memory for a hash.
    public struct OutOfMemory: Error, CustomStringConvertible {
        /// In words.
        public var description: String { "no memory for a password hash" }
    }

    /// Hashes a password with a fresh salt; takes milliseconds and the stated memory.
    public func hash(_ password: [UInt8]) throws(OutOfMemory) -> String {
        var failed = false
        // The capacity is what libsodium's constant asks for; the text is NUL-terminated within it.
        let text = unsafe [UInt8](unsafeUninitializedCapacity: Int(crypto_pwhash_STRBYTES)) { buffer, initialized in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return failed = true }
                failed = unsafe password.withUnsafeBytes { bytes in
                    unsafe crypto_pwhash_str(
                        start,
                        bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText,
                        UInt64(bytes.count),
                        UInt64(passes),
                        memory
                    ) != 0
                }
            }
            initialized = failed ? 0 : Int(crypto_pwhash_STRBYTES)
        }
        if failed { throw OutOfMemory() }
        return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A hash that costs as much to verify as one of these, and is of no password that anybody knows.
    ///
    /// Made without hashing: salt and tag are random.
    public func decoy() -> String {
        let (salt, tag) = (Self.base64(SecureRandom.bytes(16)), Self.base64(SecureRandom.bytes(32)))
        return "$argon2id$v=19$m=\(memory >> 10),t=\(passes),p=1$\(salt)$\(tag)"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let capacity = bytes.count * 4 / 3 + 5
        // Both live for the length of the call, which writes a NUL-terminated text within the capacity.
        let text = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return }
                unsafe bytes.withUnsafeBufferPointer { bytes in
                    _ = unsafe sodium_bin2base64(
                        start,
                        capacity,
                        bytes.baseAddress,
                        bytes.count,
                        sodium_base64_VARIANT_ORIGINAL_NO_PADDING
                    )
                }
            }
            initialized = capacity
        }
        return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// True where `hash` is of this password; compares in constant time, takes as long as the hash took to make.
    public static func verify(_ password: [UInt8], against hash: String) -> Bool {
        // Both live for the length of the call, the hash as a NUL-terminated copy.
        unsafe password.withUnsafeBytes { bytes in
            unsafe crypto_pwhash_str_verify(
                hash,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText,
                UInt64(bytes.count)
            ) == 0
        }
    }

    /// True where `hash` was made with other parameters than these.
    public func needsRehash(_ hash: String) -> Bool {
        unsafe crypto_pwhash_str_needs_rehash(hash, UInt64(passes), memory) != 0
    }
}

/// What stands for the bytes of an empty array, which has no address.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
    // One byte that is never freed and never written.
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    unsafe text.initialize(to: 0)
    return unsafe UnsafePointer(text)
}()
