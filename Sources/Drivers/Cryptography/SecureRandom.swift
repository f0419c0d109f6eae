internal import CSodium

/// Random bytes from the kernel's generator.
public enum SecureRandom {
    /// Makes `count` bytes that nobody can foretell.
    public static func bytes(_ count: Int) -> [UInt8] {
        // The array's own storage, of the stated capacity, filled whole.
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { unsafe randombytes_buf(start, count) }
            initialized = count
        }
    }
}
