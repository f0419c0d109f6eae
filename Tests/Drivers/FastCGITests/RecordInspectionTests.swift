import FastCGI
import FastCGITestSupport
import Testing

struct RecordInspectionTests {
    private typealias Record = FastCGIRecord

    private func inspect(_ bytes: [UInt8]) -> RecordInspection {
        RecordInspection.inspect(bytes.span)
    }

    private static let end = Record.bytes(.stdin)

    /// A request without a body and with these parameters.
    private func parameters(_ content: [UInt8], recordSize: Int = 32_768, padding: UInt8 = 0) -> [UInt8] {
        head(content, recordSize: recordSize, padding: padding) + Self.end
    }

    private func head(_ content: [UInt8] = [], recordSize: Int = 32_768, padding: UInt8 = 0) -> [UInt8] {
        Record.begin(keep: true) + Record.stream(.params, content, recordSize: recordSize, padding: padding)
    }

    // MARK: - Complete

    @Test(arguments: [
        [], Record.pair("A", "b"), Record.pair("", ""), Record.pair("A", ""), Record.pair("", "b"),
        Record.pair("A", "b", isLong: true), Record.pair(String(repeating: "N", count: 127), "v"),
        Record.pair(String(repeating: "N", count: 128), String(repeating: "v", count: 20_000)),
        Record.pair("A", "b") + Record.pair("C", "d", isLong: true) + Record.pair("E", ""),
    ])
    func `a request with sound parameters is complete`(content: [UInt8]) {
        #expect(inspect(parameters(content)) == .complete)
        #expect(inspect(head(content) + Record.stream(.stdin, [1, 2, 3])) == .complete)
    }

    @Test(arguments: 1...20)
    func `pairs may cross from one record into the next at any byte`(size: Int) {
        let content = Record.pair("NAME", "value") + Record.pair("LONG", "pair", isLong: true) + Record.pair("E", "")
        for padding in [0, 1, 7, 255] as [UInt8] {
            #expect(inspect(parameters(content, recordSize: size, padding: padding)) == .complete)
        }
    }

    @Test func `any request id but 0 will do, and any flags`() {
        for id in [1, 2, 256, .max] as [UInt16] {
            let head = Record.begin(keep: false, id: id) + Record.stream(.params, Record.pair("A", "b"), id: id)
            #expect(inspect(head + Record.bytes(.stdin, id: id)) == .complete)
        }
        var request = parameters([])
        request[10] = 0xff
        #expect(inspect(request) == .complete)
    }

    @Test func `padding is waited for, that of empty records too`() {
        let request =
            Record.begin(keep: false)
            + Record.bytes(.params, Record.pair("A", "b"), padding: 200) + Record.bytes(.params)
            + Record.bytes(.stdin, [1, 2, 3], padding: 5) + Record.bytes(.stdin, padding: 255)
        #expect(inspect(request) == .complete)
        for count in 0..<request.count { #expect(inspect(Array(request.prefix(count))) == .incomplete) }
    }

    @Test(arguments: [1, 16, 89, 255] as [UInt8])
    func `padding that libfcgi would read as records is refused`(size: UInt8) {
        let rest = Record.bytes(.params, Record.pair("A", "b")) + Record.bytes(.params) + Record.bytes(.stdin)
        let begin = Record.bytes(.begin, [0, 1, 0, 0, 0, 0, 0, 0], padding: size)
        #expect(inspect(begin + rest) == .malformed(.padding))
        let end = Record.begin(keep: true) + Record.bytes(.params, padding: size) + Record.bytes(.stdin)
        #expect(inspect(end) == .malformed(.padding))
    }

    @Test func `of a body beyond the window only the window is looked at`() {
        let body = [UInt8](repeating: 7, count: 200_000)
        let request = Record.request(body: body, keep: true)
        let first = Record.head([("CONTENT_LENGTH", "200000")], keep: true).count
        let seen = (0...request.count).first { inspect(Array(request.prefix($0))) == .long(head: first) }
        #expect(seen == first + RecordInspection.bodyWindow)
        #expect(inspect(request) == .long(head: first))
        #expect(inspect(request + Self.end) == .long(head: first))
    }

    // MARK: - Incomplete

    @Test func `a header that announces more than the window is no long body`() {
        // A thread would take the request and wait for what never comes.
        let announced =
            Record.head([("CONTENT_LENGTH", "100000")], keep: true)
            + Record.bytes(.stdin, [UInt8](repeating: 7, count: 10_000))
            + Record.bytes(.stdin, [UInt8](repeating: 7, count: 65_535)).prefix(8)
        #expect(inspect(announced) == .incomplete)
        #expect(inspect(announced + [7, 7, 7]) == .incomplete)
    }

    @Test func `no part of a sound request is complete or refused`() {
        let content = Record.pair("REQUEST_METHOD", "POST") + Record.pair("X", String(repeating: "y", count: 300))
        for size in [5, 100, 32_768] {
            let head = head(content, recordSize: size, padding: 3)
            let request = head + Record.stream(.stdin, Array(content), recordSize: size, padding: 1)
            for count in 0..<request.count { #expect(inspect(Array(request.prefix(count))) == .incomplete) }
            #expect(inspect(request) == .complete)
        }
    }

    // MARK: - Malformed

    @Test func `another version is refused in any record`() {
        for version in [0, 2, UInt8(ascii: "G"), 255] as [UInt8] {
            #expect(inspect([version]) == .malformed(.version))
            let second = Record.begin(keep: true) + Record.bytes(.params, Record.pair("A", "b"), version: version)
            #expect(inspect(second) == .malformed(.version))
        }
        #expect(inspect(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == .malformed(.version))
    }

    @Test func `anything but BEGIN_REQUEST with eight bytes cannot come first`() {
        for kind in [.abort, .end, .params, .stdin, .stdout, .getValues] as [Record.Kind] {
            #expect(inspect(Record.bytes(kind, [UInt8](repeating: 0, count: 8))) == .malformed(.begin))
        }
        for count in [0, 7, 9, 264] {
            let begin = Record.bytes(.begin, [0, 1] + [UInt8](repeating: 0, count: count))
            #expect(inspect(begin + parameters([])) == (count == 6 ? .complete : .malformed(.begin)))
        }
    }

    @Test(arguments: [0, 2, 3, 255] as [UInt8])
    func `another role is refused`(role: UInt8) {
        #expect(inspect(Record.begin(keep: true, role: role)) == .malformed(.role))
        #expect(inspect([1, 1, 0, 1, 0, 8, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]) == .malformed(.role))
    }

    @Test func `request id 0 is refused, which is that of management records`() {
        let head = Record.begin(keep: true, id: 0) + Record.stream(.params, [], id: 0)
        #expect(inspect(head) == .malformed(.requestID))
    }

    @Test func `nothing but STDIN of the same request may follow the parameters, and nothing its end`() {
        for kind in [.begin, .abort, .params, .getValues] as [Record.Kind] {
            #expect(inspect(head() + Record.bytes(kind)) == .malformed(.order))
            #expect(inspect(head() + Record.bytes(.stdin, [1]) + Record.bytes(kind, id: 0)) == .malformed(.order))
        }
        for id in [0, 2, 257] as [UInt16] {
            #expect(inspect(head() + Record.bytes(.stdin, id: id)) == .malformed(.order))
        }
        #expect(inspect(head() + Record.bytes(.stdin, [1], version: 2)) == .malformed(.version))
        #expect(inspect(parameters([]) + [1]) == .malformed(.order))
        #expect(inspect(parameters([]) + parameters([])) == .malformed(.order))
    }

    @Test func `nothing but PARAMS of the same request may follow`() {
        let begin = Record.begin(keep: true)
        for kind in [.begin, .abort, .stdin, .getValues] as [Record.Kind] {
            #expect(inspect(begin + Record.bytes(kind)) == .malformed(.order))
            #expect(
                inspect(begin + Record.bytes(.params, Record.pair("A", "b")) + Record.bytes(kind)) == .malformed(.order)
            )
        }
        for id in [0, 2, 257] as [UInt16] {
            #expect(inspect(begin + Record.bytes(.params, id: id)) == .malformed(.order))
        }
    }

    @Test(
        arguments: [
            [1], [5], [0x80], [0x80, 0, 0], [1, 1], [1, 1, 65], [0, 1], [1, 0x80, 0, 0], [1, 0x80, 0, 0, 1, 65],
            Record.pair("A", "b") + [3, 0, 65],
        ] as [[UInt8]]
    )
    func `a pair that runs past the end of the stream is refused`(content: [UInt8]) {
        #expect(inspect(parameters(content)) == .malformed(.pair))
        #expect(inspect(parameters(content, recordSize: 1)) == .malformed(.pair))
    }

    @Test(
        arguments: [
            [0xff, 0xff, 0xff, 0xff], [0x80, 1, 0x10, 1], [1, 0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xfe, 0],
            [1, 0x80, 1, 0x10, 1],
        ] as [[UInt8]]
    )
    func `a length beyond all reason is refused as soon as it is read`(content: [UInt8]) {
        #expect(inspect(Record.begin(keep: true) + Record.bytes(.params, content)) == .malformed(.size))
    }

    @Test func `a full record of parameters is accepted, two are not`() {
        let value = String(repeating: "v", count: 65_535 - 1 - 1 - 4)
        let full = Record.begin(keep: true) + Record.bytes(.params, Record.pair("N", value))
        #expect(inspect(full) == .incomplete)
        #expect(inspect(full + Record.bytes(.params)) == .incomplete)
        #expect(inspect(full + Record.bytes(.params) + Self.end) == .complete)
        // Refused by the header alone: a peer need not send what nobody will take.
        let second = Record.bytes(.params, [UInt8](repeating: 0, count: 65_534))
        #expect(inspect(full + second.prefix(8)) == .malformed(.size))
        #expect(inspect(full + second) == .malformed(.size))
    }

    @Test func `many small records are refused when they come to too much`() {
        let record = Record.bytes(.params, [0, 0], padding: 255)
        var stream = Record.begin(keep: true)
        while stream.count <= RecordInspection.sizeLimit { stream += record }
        #expect(inspect(stream) == .malformed(.size))
    }

    // MARK: - Anything

    @Test func `no stream of bytes makes it trap, and what it calls complete is sound`() {
        var random = SeededBytes(seed: 20_261)
        var outcomes: Set<String> = []
        let seeds = [
            parameters(Record.pair("A", "b")),
            parameters(
                Record.pair("REQUEST_METHOD", "GET") + Record.pair("Q", "x", isLong: true),
                recordSize: 7,
                padding: 2
            ),
            Record.request([("A", "b"), ("LONG", String(repeating: "v", count: 200))], body: [1, 2, 3], keep: true),
            Record.begin(keep: true), head(),
        ]
        for _ in 0..<100_000 {
            var bytes = seeds[random.below(seeds.count)]
            for _ in 0..<random.below(6) {
                switch random.below(5) {
                case 0 where !bytes.isEmpty: bytes[random.below(bytes.count)] = random.byte()
                case 1 where !bytes.isEmpty: bytes.removeLast(random.below(bytes.count))
                case 2: bytes.insert(random.byte(), at: random.below(bytes.count + 1))
                case 3 where !bytes.isEmpty: bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
                default: bytes.append(contentsOf: Record.bytes(.params, Array(bytes.prefix(random.below(20)))))
                }
            }
            let outcome = inspect(bytes)
            outcomes.insert("\(outcome)")
            guard outcome == .complete else { continue }
            if FastCGIStream(bytes).requests.isEmpty { Issue.record("\(bytes) is not sound") }
        }
        // The mutations reach every outcome there is.
        #expect(outcomes.count == 10, "\(outcomes.sorted())")
    }
}
