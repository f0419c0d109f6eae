internal import CSodium

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// The digest of some bytes, 32 bytes long.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        // Both buffers live for the length of the call, and the digest's capacity is what the function writes.
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, initialized in
            if let start = buffer.baseAddress {
                unsafe crypto_hash_sha256(start, bytes, UInt64(bytes.count))
            }
            initialized = 32
        }
    }
}
