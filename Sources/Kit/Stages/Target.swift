/// The request-target in origin form (RFC 9112, section 3.2.1), cut at its first question mark.
struct Target {
    var path: [UInt8] = []
    var query: [UInt8] = []

    init(_ bytes: Span<UInt8>?) {
        guard let bytes else { return }
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
        path = Array(copying: bytes.extracting(0..<end))
        if end + 1 < bytes.count { query = Array(copying: bytes.extracting((end + 1)..<bytes.count)) }
    }
}

extension Array<UInt8> {
    init(copying bytes: Span<UInt8>) {
        self = []
        append(addingCapacity: bytes.count) { copy in
            for index in bytes.indices { copy.append(bytes[index]) }
        }
    }
}
