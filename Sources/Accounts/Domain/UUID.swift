/// A universally unique identifier of 128 bits.
///
/// The text form is the one of RFC 9562: 36 characters, lower-case on the way
/// out, either case on the way in. The order is that of the 16 bytes, which is
/// also the order of the lower-case text, so both engines sort ids alike.
package struct UUID: Hashable, Comparable, Sendable {
    /// The first 64 bits, most significant first.
    package let high: UInt64

    /// The last 64 bits.
    package let low: UInt64

    /// Makes an identifier of its two halves, as they were stored.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier of version 7.
    ///
    /// RFC 9562, section 5.7: 48 bits of `milliseconds` since the epoch, then
    /// 74 of the bits of `random`. Two made in one millisecond stand in no
    /// particular order.
    package init(milliseconds: UInt64, random: (UInt64, UInt64)) {
        high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// Makes a new identifier of version 7 for something that begins at `instant`.
    package init(at instant: Timestamp, from random: any RandomSource) {
        let milliseconds = UInt64(clamping: instant.microseconds / 1000)
        self.init(milliseconds: milliseconds, random: (random.next(), random.next()))
    }

    /// Reads the hyphenated text form, or gives nil.
    ///
    /// No braces, no `urn:`, no spaces, no missing hyphens. Every version is
    /// taken: an id that was never given out is simply not found.
    package init?(_ text: String) {
        self.init(utf8: text.utf8)
    }

    /// Reads the hyphenated text form from ASCII bytes, or gives nil.
    package init?(utf8 bytes: some Sequence<UInt8>) {
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        var position = 0
        for byte in bytes {
            switch position {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            case 0..<18:
                guard let digit = Self.value(ofHexDigit: byte) else { return nil }
                halves.high = halves.high << 4 | digit
            case 19..<36:
                guard let digit = Self.value(ofHexDigit: byte) else { return nil }
                halves.low = halves.low << 4 | digit
            default:
                return nil
            }
            position += 1
        }
        guard position == 36 else { return nil }
        self.init(high: halves.high, low: halves.low)
    }

    package static func < (left: UUID, right: UUID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static func value(ofHexDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension UUID: CustomStringConvertible {
    /// The text form: 36 characters, lower-case, hyphenated.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                bytes.append(UInt8(ascii: "-"))
            }
            let half = digit < 16 ? high : low
            let value = UInt8(half >> (60 - UInt64(digit & 15) * 4) & 0xF)
            bytes.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
