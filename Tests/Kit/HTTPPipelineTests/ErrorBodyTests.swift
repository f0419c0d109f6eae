import HTTPPipeline
import Testing

struct ErrorBodyTests {
    private let plain = HTTPError(.notFound, "No such resource.")
    private let detailed = HTTPError(
        .validation,
        "Invalid input",
        details: [
            .init(field: "email", message: "must be a valid email"), .init(field: "items.3.name", message: "is \"x\""),
        ],
        story: "never told"
    )

    @Test func `the envelope without details is exactly this`() {
        let response = ErrorBody.envelope.response(for: plain, requestID: "request-1")
        #expect(response.status == .notFound)
        #expect(
            response.text
                == #"{"error":{"code":"NOT_FOUND","message":"No such resource.","details":[],"request_id":"request-1"}}"#
        )
        #expect(
            response.fields == [
                .init(name: "Content-Type", value: "application/json; charset=utf-8"),
                .init(name: "Cache-Control", value: "no-store"),
            ]
        )
    }

    @Test func `the envelope with details is exactly this`() {
        let response = ErrorBody.envelope.response(for: detailed, requestID: "request-1")
        #expect(
            response.text
                == #"{"error":{"code":"VALIDATION_ERROR","message":"Invalid input","details":["#
                + #"{"field":"email","message":"must be a valid email"},"#
                + #"{"field":"items.3.name","message":"is \"x\""}],"request_id":"request-1"}}"#
        )
    }

    @Test func `problem details without errors are exactly this`() {
        let response = ErrorBody.problem.response(for: plain, requestID: "request-1")
        #expect(response.status == .notFound)
        #expect(
            response.text
                == #"{"type":"about:blank","title":"Not Found","status":404,"detail":"No such resource.","#
                + #""instance":"urn:request:request-1","code":"NOT_FOUND"}"#
        )
        #expect(
            response.fields == [
                .init(name: "Content-Type", value: "application/problem+json; charset=utf-8"),
                .init(name: "Cache-Control", value: "no-store"),
            ]
        )
    }

    @Test func `problem details with errors are exactly this`() {
        let response = ErrorBody.problem.response(for: detailed, requestID: "request-1")
        #expect(
            response.text
                == #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"Invalid input","#
                + #""instance":"urn:request:request-1","code":"VALIDATION_ERROR","errors":["#
                + ##"{"pointer":"#/email","detail":"must be a valid email"},"##
                + ##"{"pointer":"#/items/3/name","detail":"is \"x\""}]}"##
        )
    }

    @Test(
        arguments: [
            ("a", "#/a"), ("a.b", "#/a/b"), ("", "#/"), ("a/b", "#/a~1b"), ("a~b", "#/a~0b"), ("~1", "#/~01"),
            ("a b", "#/a%20b"), ("a\"b", "#/a%22b"), ("100%", "#/100%25"), ("\u{20AC}", "#/%E2%82%AC"),
            ("a#b", "#/a%23b"),
            ("created_at", "#/created_at"), ("a-b!$&'()*+,;=:@?", "#/a-b!$&'()*+,;=:@?"),
        ]
    )
    func `a pointer is escaped as one in a URI fragment`(field: String, pointer: String) {
        let error = HTTPError(.validation, "Invalid input", details: [.init(field: field, message: "x")])
        let text = ErrorBody.problem.response(for: error, requestID: "request-1").text
        #expect(text.contains(#""errors":[{"pointer":"\#(pointer)","detail":"x"}]"#), "\(text)")
    }

    @Test func `the fields of the error are sent, its story is not`() {
        let error = HTTPError(
            .methodNotAllowed,
            "No.",
            fields: [.init(name: "Allow", value: "GET")],
            story: "the secret story"
        )
        for shape in [ErrorBody.envelope, .problem] {
            let response = shape.response(for: error, requestID: "request-1")
            #expect(response.values(of: "Allow") == ["GET"])
            #expect(!response.text.contains("secret"))
        }
    }

    @Test func `a fault tells nothing but that it happened`() {
        let fault = HTTPError.fault("the disk is gone")
        #expect(fault.story == "the disk is gone")
        #expect(
            ErrorBody.envelope.response(for: fault, requestID: "request-1").text
                == #"{"error":{"code":"INTERNAL","message":"Internal error.","details":[],"request_id":"request-1"}}"#
        )
    }

    @Test func `whatever stands in an error is escaped`() {
        let error = HTTPError(.malformedJSON, "\u{0}\n\"\\\u{1F600}", details: [.init(field: "\"", message: "\t")])
        #expect(
            ErrorBody.envelope.response(for: error, requestID: "\"").text
                == #"{"error":{"code":"MALFORMED_JSON","message":"\u0000\n\"\\"# + "\u{1F600}"
                + #"","details":[{"field":"\"","message":"\t"}],"request_id":"\""}}"#
        )
    }
}
