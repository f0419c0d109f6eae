internal import FastCGITestSupport

/// Makes streams of records: sound requests, changed in ways that no web server would.
///
/// A stream depends on the seed and its number alone, so that one that did harm can be made again.
struct StreamMaker {
    private typealias Record = FastCGIRecord

    private var random: SeededBytes

    /// The stream of that number.
    static func stream(_ number: Int, seed: UInt64) -> [UInt8] {
        var maker = StreamMaker(random: SeededBytes(seed: seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95))
        return maker.make(number)
    }

    private mutating func make(_ number: Int) -> [UInt8] {
        var records = request(number)
        if random.below(8) > 0 {
            for _ in 0..<random.below(3) { changeRecords(&records) }
        }
        var bytes = records.flatMap { $0 }
        for _ in 0..<random.below(4) { changeBytes(&bytes) }
        return bytes
    }

    // MARK: - Sound requests

    private mutating func request(_ number: Int) -> [[UInt8]] {
        let uri = random.below(2) == 0 ? "/read/\(number)" : "/unread/\(number)"
        // A few are larger than what is looked at before the request is taken.
        let body = random.below(500) == 0 ? longBody() : shortBody()
        var parameters = Record.pair("REQUEST_URI", uri, isLong: random.below(4) == 0)
        if random.below(4) > 0 { parameters += Record.pair("CONTENT_LENGTH", "\(body.count)") }
        if random.below(8) == 0 {
            parameters += Record.pair("LONG", String(repeating: "v", count: 100 + random.below(9000)))
        }
        let id = random.below(16) == 0 ? UInt16(1 + random.below(65_535)) : 1
        return [Record.bytes(.begin, [0, 1, UInt8(random.below(2)), 0, 0, 0, 0, 0], id: id)]
            + stream(.params, parameters, id) + stream(.stdin, body, id)
    }

    private mutating func stream(_ kind: Record.Kind, _ content: [UInt8], _ id: UInt16) -> [[UInt8]] {
        let size = random.below(4) == 0 ? min(65_535, 1 + content.count / (1 + random.below(5))) : 32_768
        let padding = random.below(4) == 0 ? random.byte() : 0
        let parts = stride(from: 0, to: content.count, by: size).map { start in
            Record.bytes(kind, Array(content[start..<min(start + size, content.count)]), id: id, padding: padding)
        }
        return parts + [Record.bytes(kind, id: id)]
    }

    private mutating func shortBody() -> [UInt8] {
        switch random.below(3) {
        case 0: []
        case 1: (0..<random.below(600)).map { _ in random.byte() }
        default: forgery(repeated: 1 + random.below(3))
        }
    }

    private mutating func longBody() -> [UInt8] { forgery(repeated: 900 + random.below(1500)) }

    /// A body that is made of requests, at any alignment.
    private mutating func forgery(repeated count: Int) -> [UInt8] {
        let forged = Record.request([("REQUEST_URI", "/forged")], keep: true)
        return [UInt8](repeating: 0, count: random.below(16)) + (0..<count).flatMap { _ in forged }
    }

    // MARK: - Changes

    private mutating func changeRecords(_ records: inout [[UInt8]]) {
        let index = random.below(records.count)
        switch random.below(6) {
        case 0 where records.count > 1: records.remove(at: index)
        case 1: records.swapAt(index, random.below(records.count))
        case 2: records.insert(records[random.below(records.count)], at: index)
        case 3: records.insert(stray(), at: index)
        case 4: for _ in 0..<random.below(40) { records.insert(stray(), at: index) }
        default: records[index][1] = UInt8(random.below(13))
        }
    }

    /// A record of any type, at times one that only an application may send, or that asks for the application's values.
    private mutating func stray() -> [UInt8] {
        let content: [UInt8] =
            switch random.below(3) {
            case 0: []
            case 1: (0..<random.below(40)).map { _ in random.byte() }
            default: (0..<(1 + random.below(6))).flatMap { _ in Record.pair("FCGI_MPXS_CONNS", "") }
            }
        var record = Record.bytes(.getValues, content, id: UInt16(random.below(3)), padding: UInt8(random.below(9)))
        record[1] = random.below(4) == 0 ? random.byte() : UInt8(1 + random.below(11))
        return record
    }

    private mutating func changeBytes(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        // Most of them where the headers and the lengths of parameters are.
        let index = random.below(2) == 0 ? random.below(min(64, bytes.count)) : random.below(bytes.count)
        switch random.below(7) {
        case 0: bytes[index] = random.byte()
        case 1: bytes[index] ^= 1 << UInt8(random.below(8))
        case 2: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.below(12)))
        case 3: bytes.insert(contentsOf: (0...random.below(8)).map { _ in random.byte() }, at: index)
        case 4: bytes.removeLast(random.below(bytes.count))
        case 5:
            for offset in index..<min(bytes.count, index + 4) {
                bytes[offset] = [0xff, 0x7f, 0x80, 0][random.below(4)]
            }
        default: bytes += bytes.prefix(index)
        }
    }
}
