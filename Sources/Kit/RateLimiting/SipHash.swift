/// SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012).
///
/// Keyed, so that nobody who does not know the key can choose inputs that meet in one place. Tables need no more rounds
/// than one for a word and three at the end, with which Swift, Rust and Python hash theirs.
struct SipHash {
    /// 128 bits.
    struct Key: Sendable {
        let low: UInt64
        let high: UInt64

        /// Takes 16 bytes, little-endian; missing ones are 0.
        init(_ bytes: [UInt8]) {
            func word(_ from: Int) -> UInt64 {
                (from..<from + 8).reduce(0) { word, index in
                    index < bytes.count ? word | UInt64(bytes[index]) << (8 * UInt64(index - from)) : word
                }
            }
            low = word(0)
            high = word(8)
        }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var words = 0

    init(key: Key) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// Adds 8 bytes, as a little-endian word.
    @inline(__always)
    mutating func add(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
        words += 1
    }

    /// Adds the last bytes and gives the hash.
    mutating func finish(_ bytes: [UInt8]) -> UInt64 {
        let length = words * 8 + bytes.count
        var index = 0
        while index + 8 <= bytes.count {
            var word: UInt64 = 0
            for place in 0..<8 { word |= UInt64(bytes[index + place]) << UInt64(8 * place) }
            add(word)
            index += 8
        }
        var last = UInt64(truncatingIfNeeded: length) << 56
        for (place, byte) in bytes[index...].enumerated() { last |= UInt64(byte) << UInt64(8 * place) }
        return finish(last: last)
    }

    /// Gives the hash of the words alone, which have `length` bytes.
    @inline(__always)
    mutating func finish(length: Int) -> UInt64 { finish(last: UInt64(truncatingIfNeeded: length) << 56) }

    @inline(__always)
    private mutating func finish(last: UInt64) -> UInt64 {
        add(last)
        v2 ^= 0xff
        for _ in 0..<3 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    // Inlined in any case, as are those that call it: with the state in memory between two calls, a hash took a seventh of
    // a decision about a limit, and with a call for each rotation a fifth more.
    @inline(__always)
    private mutating func round() {
        v0 &+= v1
        v2 &+= v3
        v1 = Self.rotated(v1, 13) ^ v0
        v3 = Self.rotated(v3, 16) ^ v2
        v0 = Self.rotated(v0, 32)
        v2 &+= v1
        v0 &+= v3
        v1 = Self.rotated(v1, 17) ^ v2
        v3 = Self.rotated(v3, 21) ^ v0
        v2 = Self.rotated(v2, 32)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }
}
