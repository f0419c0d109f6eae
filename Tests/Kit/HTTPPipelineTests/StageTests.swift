import HTTPPipeline
import Testing

struct StageTests {
    private struct Unforeseen: Error {
        let secret = "the secret of the fault"
    }

    private struct Refusal: Error {}

    // MARK: - RequestIdentification

    private let identification = RequestIdentification(makeID: { "made-here" })

    @Test(arguments: ["12345678", "0123456789abcdef0123456789ABCDEF", "a-b_c-d_", String(repeating: "x", count: 64)])
    func `an id that is a token is kept`(id: String) throws {
        let response = try identification.respond(to: .fake(id: id)) { request in
            #expect(request.id == id)
            return Response(.ok)
        }
        #expect(response.values(of: "Request-Id") == [id])
    }

    @Test(
        arguments: [
            "", "1234567", String(repeating: "x", count: 65), "12345678 ", "1234567\n8", "abcdefg\u{E9}", "abc.defgh",
            "12345678\r\nX: y", "\u{660}\u{661}\u{662}\u{663}",
        ]
    )
    func `an id that is none is replaced`(id: String) throws {
        let response = try identification.respond(to: .fake(id: id)) { request in
            #expect(request.id == "made-here")
            return Response(.ok)
        }
        #expect(response.values(of: "Request-Id") == ["made-here"])
    }

    // MARK: - FixedFields

    @Test func `fixed fields are added behind those that are there`() throws {
        let stage = FixedFields([("API-Version", "1"), ("X-Other", "2")])
        let response = try stage.respond(to: .fake()) { _ in Response(.ok, contentType: "text/plain", body: []) }
        #expect(response.fields.map(\.name) == ["Content-Type", "API-Version", "X-Other"])
    }

    // MARK: - Negotiation

    @Test func `a client that takes JSON, or says nothing, is let through`() throws {
        for fields in [[:], ["Accept": "*/*"], ["Accept": "application/problem+json"]] {
            let response = try Negotiation().respond(to: .fake(fields: fields)) { _ in Response(.ok) }
            #expect(response.status == .ok)
        }
    }

    @Test func `a client that takes no JSON is refused`() throws {
        let error = try httpError {
            _ = try Negotiation().respond(to: .fake(fields: ["Accept": "text/html"])) { _ in
                Issue.record("the request went on")
                return Response(.ok)
            }
        }
        #expect(error?.code == .notAcceptable)
    }

    // MARK: - ErrorRendering

    private let rendering = ErrorRendering { $0 is Refusal ? HTTPError(.conflict, "Translated.") : nil }

    @Test func `a response passes untouched`() {
        let request = Request.fake()
        let response = rendering.respond(to: request) { _ in Response(.created) }
        #expect(response.status == .created)
        #expect(request.record.errorCode == nil)
        #expect(request.record.fault == nil)
    }

    @Test func `an error of HTTP is rendered as it is, and its story is kept for the log`() {
        let request = Request.fake()
        let response = rendering.respond(to: request) { _ in
            throw HTTPError(.unavailable, "Busy.", fields: [.init(name: "Retry-After", value: "1")], story: "why")
        }
        #expect(response.status == .serviceUnavailable)
        #expect(response.field("Retry-After") == "1")
        #expect(request.record.errorCode == "UNAVAILABLE")
        #expect(request.record.fault == "why")
    }

    @Test func `an error of the product is translated`() {
        let request = Request.fake()
        let response = rendering.respond(to: request) { _ in throw Refusal() }
        #expect(response.text.contains("Translated."))
        #expect(request.record.errorCode == "CONFLICT")
        #expect(request.record.fault == nil)
    }

    @Test func `any other error is a fault, told to the log only`() {
        let request = Request.fake()
        let response = rendering.respond(to: request) { _ in throw Unforeseen() }
        #expect(response.status == .internalServerError)
        #expect(
            response.text
                == #"{"error":{"code":"INTERNAL","message":"Internal error.","details":[],"request_id":"request-1"}}"#
        )
        #expect(request.record.errorCode == "INTERNAL")
        #expect(request.record.fault?.contains("the secret of the fault") == true)
    }

    @Test func `the client's Accept chooses the shape`() {
        let request = Request.fake(fields: ["Accept": "application/problem+json"])
        let response = rendering.respond(to: request) { _ in throw Refusal() }
        #expect(response.field("Content-Type") == "application/problem+json; charset=utf-8")
    }

    // MARK: - The law

    @Test(
        arguments: [
            HTTPError(.malformedRequest, "x"), HTTPError.fault("x"), Refusal(), Unforeseen(), CancellationError(),
        ] as [any Error]
    )
    func `every error leaves as a rendered response with a Request-Id`(error: any Error) throws {
        var router = Router<Int>()
        router.add(.get, "/there", 1)
        let stages = RequestIdentification(makeID: { "made-here" })
            .then(FixedFields([("API-Version", "1")]))
            .then(rendering)
            .then(Negotiation())
            .then(Routing(router))
        let requests: [Request] = [
            .fake(.get, "/there"), .fake(nil, "/there"), .fake(.get, "//"), .fake(.get, "/there", id: ""),
            .fake(.get, "/there", fields: ["Accept": "text/html"]), .fake(.post, "/there"),
            .fake(.get, "/there", fields: ["Accept": "application/problem+json"]),
        ]
        for request in requests {
            let response = try stages.respond(to: request) { _ in throw error }
            let id = request.id.isEmpty ? "made-here" : request.id
            #expect(response.values(of: "Request-Id") == [id])
            #expect(response.values(of: "API-Version") == ["1"])
            #expect(response.values(of: "Cache-Control") == ["no-store"])
            #expect(response.status.code >= 400)
            #expect(response.text.contains(id))
            #expect(request.record.errorCode.map(response.text.contains) == true)
        }
    }
}
