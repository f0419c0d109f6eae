import HTTPPipeline
import Stages
import Testing

/// The stages for second tries, without anything else around them.
struct ReceiptTests {
    private struct NoContent: RequestContent {
        func field(_ name: FieldName) -> String? { nil }
        func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
            try body([UInt8]().span)
        }
    }

    private func request(_ method: Method?) -> Request {
        Request(
            method: method,
            path: Array("/things".utf8),
            remoteAddress: "192.0.2.7",
            id: "request-1",
            content: NoContent()
        )
    }

    private func respond(to method: Method, kept: Response?, asked: inout Int) throws -> Response {
        var router = Router<Int>()
        for method in Method.allCases { router.add(method, "/things", 1) }
        var questions = 0
        defer { asked = questions }
        return try withoutActuallyEscaping({ questions += 1 }) { ask in
            try Routing(router).then(
                Receipts { _ in
                    ask()
                    return kept
                }
            ).respond(to: request(method)) { _ in Response(.created) }
        }
    }

    @Test(arguments: [Method.post, .put, .patch, .delete])
    func `a change with a receipt is answered by that`(method: Method) throws {
        var asked = 0
        #expect(try respond(to: method, kept: Response(.noContent), asked: &asked).status == .noContent)
        #expect(asked == 1)
        #expect(try respond(to: method, kept: nil, asked: &asked).status == .created)
        #expect(asked == 1)
    }

    @Test(arguments: [Method.get, .head])
    func `nobody looks for the receipt of what changes nothing`(method: Method) throws {
        var asked = 0
        #expect(try respond(to: method, kept: Response(.noContent), asked: &asked).status == .created)
        #expect(asked == 0)
    }

    @Test(arguments: [(0, true), (1, true), (2, false), (3, false)])
    func `two workers may crash under a request, and no third`(crashes: Int, passes: Bool) throws {
        let stages = ErrorRendering { _ in nil }.then(CrashLimit { crashes })
        let request = request(.get)
        let response = try stages.respond(to: request) { _ in Response(.ok) }
        #expect((response.status == .ok) == passes)
        #expect((request.record.fault == nil) == passes)
    }
}
