import HTTPPipeline
import JSON
import Testing

struct BodyReadingTests {
    private static let name = Member<String>(string: "name", .string(length: 1...100))
    private let schema = ObjectSchema([.required(name)])

    private func read(
        _ body: String,
        contentType: String? = "application/json",
        limit: Int = 1000,
        by schema: ObjectSchema? = nil
    ) throws -> MemberValues {
        let fields = contentType.map { ["Content-Type": $0] } ?? [:]
        return try (schema ?? self.schema).read(bodyOf: .fake(.post, "/", fields: fields, body: body), limit: limit)
    }

    private func refusal(
        _ body: String,
        contentType: String? = "application/json",
        limit: Int = 1000
    ) throws -> HTTPError? {
        try httpError { _ = try read(body, contentType: contentType, limit: limit) }
    }

    @Test(arguments: ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=\"UTF-8\""])
    func `a body of the declared type is read`(contentType: String) throws {
        #expect(try read(#" {"name": "Ada"} "#, contentType: contentType).value(of: Self.name) == "Ada")
    }

    @Test(
        arguments: [
            nil, "", "text/plain", "application/json; charset=latin1", "application/jsonx", "json", "*/*",
            "application/x-www-form-urlencoded", "application/merge-patch+json",
        ] as [String?]
    )
    func `any other type is 415, before the body is looked at`(contentType: String?) throws {
        let error = try refusal("{", contentType: contentType, limit: 0)
        #expect(error?.code == .unsupportedMediaType)
        #expect(error?.message == "The body must be sent with Content-Type: application/json.")
        #expect(error?.fields == [Response.Field(name: "Accept", value: "application/json")])
    }

    @Test func `all types that are taken are named`() throws {
        let schema = ObjectSchema(
            [.required(Self.name)],
            mediaTypes: ["application/merge-patch+json", "application/json"]
        )
        #expect(try read(#"{"name":"x"}"#, contentType: "application/merge-patch+json", by: schema)[Self.name] == "x")
        let error = try httpError { _ = try read("{}", contentType: "text/plain", by: schema) }
        #expect(
            error?.message
                == "The body must be sent with Content-Type: application/merge-patch+json or application/json."
        )
        #expect(error?.fields.first?.value == "application/merge-patch+json, application/json")
    }

    @Test func `an empty body is told to be one`() throws {
        let error = try refusal("")
        #expect(error?.code == .malformedJSON)
        #expect(error?.message == "The body is empty; it must be a JSON object.")
    }

    @Test(
        arguments: [
            ("{", "Line 1, column 2: the text ends too early."),
            ("{\n  \"name\": Ada\n}", "Line 2, column 11: a value is expected."),
            ("{\n\n  \"name\" \"Ada\"}", "Line 3, column 10: a colon must follow the name of a member."),
            ("{\"name\": \"\u{20AC}\u{1F600}\"]", "Line 1, column 14: a comma or a closing brace is expected."),
            ("{\"name\": \"a\",}", "Line 1, column 14: the name of a member is expected, in double quotation marks."),
            ("{} {}", "Line 1, column 4: nothing may follow the value."),
            ("{\"name\": 1, \"name\": 2}", nil), ("{\"name\": \"\\ud800\"}", nil), ("{'name': 1}", nil),
            ("\u{FEFF}{}", nil), ("{\"name\": \"\u{1}\"}", nil), ("{\"name\": 01}", nil), ("{\"name\": NaN}", nil),
        ] as [(String, String?)]
    )
    func `malformed JSON is told with line and column`(body: String, message: String?) throws {
        let error = try refusal(body)
        #expect(error?.code == .malformedJSON)
        #expect(error?.details == [])
        #expect(error?.message.hasPrefix("Line ") == true)
        if let message { #expect(error?.message == message) }
    }

    @Test func `nesting is bounded`() throws {
        #expect(try refusal(nested(32))?.lines == ["a: is not known here", "name: is required"].reversed())
        #expect(try refusal(nested(33))?.code == .malformedJSON)
    }

    private func nested(_ depth: Int) -> String {
        "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
    }

    @Test func `a body of the limit is read, one byte more is 413`() throws {
        let body = #"{"name":"Ada"}"#
        #expect(try read(body, limit: body.utf8.count).value(of: Self.name) == "Ada")
        #expect(try refusal(body, limit: body.utf8.count - 1)?.code == .payloadTooLarge)
    }

    @Test func `a body that is JSON but not as declared is a validation error`() throws {
        #expect(try refusal("[]")?.code == .validation)
        #expect(try refusal("{}")?.lines == ["name: is required"])
    }
}
