import FastCGI
import Testing

/// A small request and its answer, from both sides.
struct BufferedExchangeTests {
    private func read(_ bytes: [UInt8]) -> BufferedRequest? { BufferedRequest(bytes.span) }

    @Test func `what one side sends the other side reads`() throws {
        let long = String(repeating: "v", count: 200)
        let bytes = BufferedExchange.request([("REQUEST_METHOD", "GET"), ("LONG", long)])
        let request = try #require(read(bytes))
        #expect(request["REQUEST_METHOD"] == Array("GET".utf8))
        #expect(request["LONG"] == Array(long.utf8))
        for count in [0, 1, 70_000, 200_000] {
            let output = [UInt8](repeating: 5, count: count)
            #expect(BufferedExchange.output(of: request.answer(with: output)) == output)
        }
    }

    @Test func `an answer without its end is none`() throws {
        let bytes = BufferedExchange.request([])
        let answer = try #require(read(bytes)).answer(with: [1, 2, 3])
        for count in 0..<(answer.count - 16) {
            #expect(BufferedExchange.output(of: Array(answer.prefix(count))) == nil)
        }
    }
}
