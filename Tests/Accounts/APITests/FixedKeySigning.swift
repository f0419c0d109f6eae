import Pagination

/// Signs cursors by a fixed key, with a function that is no secret to anybody.
struct FixedKeySigning: CursorSigning {
    func sign(_ bytes: [UInt8]) -> [UInt8] {
        (0..<4 as Range<UInt64>).flatMap { lane in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ lane
            for byte in Array("fixed key".utf8) + bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> $0) }
        }
    }

    func verify(_ bytes: [UInt8], tag: [UInt8]) -> Bool {
        sign(bytes).starts(with: tag)
    }
}
