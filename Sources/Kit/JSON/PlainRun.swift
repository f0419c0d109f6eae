/// The index of the first byte from `start` on that cannot stand in a JSON string as it is: a quotation mark, a
/// backslash or a control character; the number of bytes if there is none.
///
/// Eight bytes are looked at together (the compiler makes one load of them). For each of the three, the top bit of a
/// byte of the difference is set where that byte is one of them, or lies above one; so the lowest bit that is set is
/// right.
func endOfPlainRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let count = bytes.count
    var index = start
    while index &+ 8 <= count {
        let chunk = bytes.extracting(index..<index &+ 8)
        var word = UInt64(chunk[0]) | UInt64(chunk[1]) << 8 | UInt64(chunk[2]) << 16 | UInt64(chunk[3]) << 24
        word |= UInt64(chunk[4]) << 32 | UInt64(chunk[5]) << 40 | UInt64(chunk[6]) << 48 | UInt64(chunk[7]) << 56
        let quotation = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let control = (word &- ones &* 0x20) & ~word
        var found = control | (quotation &- ones) & ~quotation | (backslash &- ones) & ~backslash
        found &= ones &* 0x80
        if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
        index &+= 8
    }
    while index < count {
        let byte = bytes[index]
        if byte < 0x20 || byte == 0x22 || byte == 0x5C { break }
        index &+= 1
    }
    return index
}
