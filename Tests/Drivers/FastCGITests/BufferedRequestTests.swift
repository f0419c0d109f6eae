import FastCGI
import FastCGITestSupport
import Testing

/// Requests that are read and answered without libfcgi.
struct BufferedRequestTests {
    private typealias Record = FastCGIRecord

    private func read(_ bytes: [UInt8]) -> BufferedRequest? { BufferedRequest(bytes.span) }

    @Test func `parameters are found by name, short and long ones, whatever records they come in`() throws {
        let long = String(repeating: "x", count: 5000)
        let parameters = [("A", "1"), ("LONG", long), ("", ""), ("EMPTY", ""), ("A", "2")]
        let pairs = parameters.flatMap { Record.pair($0.0, $0.1) }
        for size in [1, 7, 300, 32_768] {
            let bytes =
                Record.begin(keep: false) + Record.stream(.params, pairs, recordSize: size, padding: UInt8(size % 5))
                + Record.bytes(.stdin)
            let request = try #require(read(bytes))
            #expect(request["A"] == [49])
            #expect(request["LONG"] == Array(long.utf8))
            #expect(request["EMPTY"] == [])
            #expect(request["B"] == nil)
        }
    }

    @Test func `a length in four bytes counts also where one would do`() throws {
        let bytes =
            Record.begin(keep: false) + Record.stream(.params, Record.pair("A", "1", isLong: true))
            + Record.bytes(.stdin)
        #expect(try #require(read(bytes))["A"] == [49])
    }

    @Test func `no part of a request is one, and neither is more`() {
        let whole = Record.request([("A", "1")], body: [1, 2, 3], keep: true)
        for count in whole.indices { #expect(read(Array(whole.prefix(count))) == nil) }
        #expect(read(whole) != nil)
        #expect(read(whole + [1]) == nil)
    }

    @Test(arguments: [0, 1, 65_527, 65_528, 65_529, 300_000])
    func `the answer is what was given, in records that a web server reads`(count: Int) throws {
        let bytes =
            Record.begin(keep: false, id: 513) + Record.stream(.params, [], id: 513) + Record.bytes(.stdin, id: 513)
        let output = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var records = try #require(read(bytes)).answer(with: output)
        #expect(Array(records[2...3]) == [2, 1])
        #expect(FastCGIAnswer.take(from: &records) == FastCGIAnswer(output: output))
        #expect(records.isEmpty)
    }
}
