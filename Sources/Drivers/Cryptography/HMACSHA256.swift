internal import CSodium

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
public enum HMACSHA256 {
    /// The tag of some bytes under a key of any length, 32 bytes long.
    public static func tag(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        // State and arrays live for the length of the calls; the capacity is what the last one writes.
        unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
        unsafe crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
        return unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, initialized in
            if let start = buffer.baseAddress { unsafe crypto_auth_hmacsha256_final(&state, start) }
            initialized = 32
        }
    }

    /// True where two tags are the same; takes as long wherever they differ.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        // Both live for the length of the call and have the stated length.
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
