import API
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// GraphQL over HTTP, as its drafts of 2025 and 2026 have it: media types, parameters, methods, statuses.
struct GraphQLOverHTTPTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private static let newer = "application/graphql-response+json"

    /// Sends bytes that are no request of a well-behaved client.
    private func send(
        _ method: String = "POST",
        query: String = "",
        body: String = "",
        contentType: String? = "application/json",
        accept: String? = newer
    ) throws -> Response {
        var fields: [(name: String, value: String)] = []
        if let contentType { fields.append(("Content-Type", contentType)) }
        if let accept { fields.append(("Accept", accept)) }
        return try site.send(
            ClientRequest(method, "/graphql\(query.isEmpty ? "" : "?")\(query)", fields: fields, body: body)
        )
    }

    @Test(
        arguments: [
            (newer, newer), ("application/json", "application/json"), ("*/*", "application/json"),
            (nil, "application/json"), ("application/*", "application/json"),
            ("\(newer), application/json;q=0.9", newer), ("application/json, \(newer);q=0.9", "application/json"),
            ("\(newer), application/json", newer), ("text/html, */*;q=0.1", "application/json"),
            ("\(newer);q=0, */*", "application/json"), ("APPLICATION/GRAPHQL-RESPONSE+JSON", newer),
        ] as [(String?, String)]
    )
    func `the answer has the media type that the client ranks highest`(accept: String?, expected: String) throws {
        let answer = try site.ask("{ __typename }", accept: accept)
        #expect(answer.status == .ok)
        #expect(answer.field("Content-Type") == "\(expected); charset=utf-8")
        #expect(try answer.text(at: "__typename") == "Query")
    }

    @Test func `who takes no media type of GraphQL is told so`() throws {
        for accept in ["text/html", "image/png, text/*", "\(Self.newer);q=0"] {
            let answer = try site.ask("{ __typename }", accept: accept)
            #expect(answer.status == .notAcceptable)
            #expect(try answer.codes == ["NOT_ACCEPTABLE"])
        }
    }

    @Test func `a body that is no JSON of the right type is refused`() throws {
        let body = #"{"query": "{ __typename }"}"#
        for type in [nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
            let answer = try send(body: body, contentType: type)
            #expect(answer.status == .unsupportedMediaType, "\(type ?? "none")")
            #expect(try answer.codes == ["UNSUPPORTED_MEDIA_TYPE"])
        }
        for type in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
            #expect(try send(body: body, contentType: type).status == .ok, "\(type)")
        }
        for body in ["", "{", "NONSENSE", #"{"query":"#, "{\"query\": \"\\ud800\"}", "{\"a\": 1, \"a\": 2}"] {
            let answer = try send(body: body)
            #expect(answer.status == .badRequest, "\(body)")
            #expect(try answer.codes == ["MALFORMED_JSON"])
        }
        let long = #"{"query": "{ __typename } #\#(String(repeating: "x", count: 5000))"}"#
        #expect(try send(body: long).status == .contentTooLarge)
    }

    @Test(
        arguments: [
            "[]", "{}", #"{"qeury": "{ __typename }"}"#, #"{"query": 1}"#, #"{"query": ["{ __typename }"]}"#,
            #"{"query": {}}"#, #"{"query": "{ __typename }", "operationName": 1}"#,
            #"{"query": "{ __typename }", "operationName": {}}"#, #"{"query": "{ __typename }", "variables": [7]}"#,
            #"{"query": "{ __typename }", "variables": "x"}"#, #"{"query": "{ __typename }", "extensions": 0}"#,
            #"{"query": "{ __typename }", "extensions": []}"#, #"{"query": null}"#,
        ]
    )
    func `parameters that are none are refused`(body: String) throws {
        for accept in [Self.newer, "application/json"] {
            let answer = try send(body: body, accept: accept)
            #expect(answer.status == .badRequest)
            #expect(try answer.codes == ["MALFORMED_REQUEST"])
        }
        let strict = try Site()
        strict.profile = .draft2026
        let fields = [(name: "Content-Type", value: "application/json")]
        let answer = try strict.send(ClientRequest("POST", "/graphql", fields: fields, body: body))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.field("Content-Type") == "\(Self.newer); charset=utf-8")
    }

    @Test(
        arguments: [
            #"{"query": "{ __typename }", "operationName": null, "variables": null, "extensions": null}"#,
            #"{"query": "{ __typename }", "variables": {}, "extensions": {}, "operationName": ""}"#,
            #"{"query": "query A { __typename } query B { x: __typename }", "operationName": "A"}"#,
            #"{"query": "{ __typename }", "unknown": [1, 2]}"#,
            #"{"query": "query ($x: Boolean!) { __typename @include(if: $x) }", "variables": {"x": true}}"#,
        ]
    )
    func `optional parameters may be null, and others are passed over`(body: String) throws {
        for accept in [Self.newer, "application/json"] {
            let answer = try send(body: body, accept: accept)
            #expect(answer.status == .ok)
            #expect(try answer.text(at: "__typename") == "Query")
        }
    }

    /// What cannot be executed, and the status of it in the draft of 2026.
    private static let refused: [(body: JSONValue, strict: Int, code: String)] = [
        (["query": "{"], 400, "MALFORMED_REQUEST"),
        (["query": "\u{1F9ED}"], 400, "MALFORMED_REQUEST"),
        (["query": "{ nothing }"], 422, "VALIDATION_ERROR"),
        (
            ["query": "query ($x: Int!) { users(first: $x) { totalCount } }", "variables": ["x": "1"]], 422,
            "VALIDATION_ERROR"
        ),
        (["query": "query ($x: Int!) { users(first: $x) { totalCount } }"], 422, "VALIDATION_ERROR"),
        (["query": "query A { __typename } query B { __typename }"], 422, "MALFORMED_REQUEST"),
        (["query": "query A { __typename }", "operationName": "B"], 422, "MALFORMED_REQUEST"),
        (["query": "subscription { x }"], 422, "VALIDATION_ERROR"),
    ]

    @Test func `what cannot be executed has the status of the profile and no data`() throws {
        let strict = try Site()
        strict.profile = .draft2026
        for (body, status, code) in Self.refused {
            let answers = [
                (try site.post(body), 400, Self.newer),
                (try site.post(body, accept: "application/json"), 200, "application/json"),
                (try strict.post(body), status, Self.newer),
                // What is no success says where it comes from.
                (try strict.post(body, accept: "application/json"), status, Self.newer),
            ]
            for (answer, expected, type) in answers {
                #expect(answer.status.code == expected, "\(body)")
                #expect(answer.field("Content-Type") == "\(type); charset=utf-8")
                #expect(try answer.bodyObject["data"] == nil)
                #expect(try answer.codes.first == code)
            }
        }
    }

    @Test func `data with errors is a success, in the later draft one with a number of its own`() throws {
        let query = "{ me { id } __typename }"
        #expect(try site.ask(query).status == .ok)
        let strict = try Site()
        strict.profile = .draft2026
        #expect(try strict.ask(query).status.code == 294)
        #expect(try strict.ask(query, accept: "application/json").status == .ok)
        #expect(try strict.ask("{ __typename }").status == .ok)
    }

    @Test func `queries can be asked by GET`() throws {
        for (query, path) in [
            ("query=%7B__typename%7D", "__typename"), ("query=%7B+__typename+%7D&variables=&extensions=", "__typename"),
            ("query=query+A%7B__typename%7D+query+B%7Bx:__typename%7D&operationName=B", "x"),
            (
                "query=query(%24x:Boolean!)%7B__typename@include(if:%24x)%7D&variables=%7B%22x%22:true%7D&more=1",
                "__typename"
            ),
        ] {
            let answer = try send("GET", query: query)
            #expect(answer.status == .ok, "\(query)")
            #expect(try answer.text(at: path) == "Query")
        }
        #expect(try send("HEAD", query: "query=%7B__typename%7D").status == .ok)
        for query in ["", "query=", "query=%7B__typename%7D&variables=%5B%5D"] {
            let answer = try send("GET", query: query)
            #expect(answer.status == .badRequest)
            #expect(try answer.codes == ["MALFORMED_REQUEST"])
        }
        #expect(try send("GET", query: "query=%7B__typename%7D&variables=%7B").codes == ["MALFORMED_JSON"])
        #expect(try send("GET", query: "query=%FF").codes == ["MALFORMED_REQUEST"])
        #expect(try send("GET", query: "query=%7B__typename%7D&query=%7B__typename%7D").codes == ["VALIDATION_ERROR"])
    }

    @Test func `changes need POST, and other methods are none`() throws {
        let answer = try send("GET", query: "query=mutation%7BsignOut%7Bid%7D%7D")
        #expect(answer.status == .methodNotAllowed)
        #expect(answer.field("Allow") == "POST")
        #expect(try answer.codes == ["METHOD_NOT_ALLOWED"])
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = try send(method)
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.field("Allow") == "POST, GET, HEAD, OPTIONS")
        }
        #expect(try send("OPTIONS").status == .noContent)
    }

    @Test func `a document is known by its hash once it was sent`() throws {
        let query = "{ me { id } }"
        let first = try site.post([
            "extensions": ["persistedQuery": ["version": 1, "sha256Hash": .string(hash("{ x }"))]]
        ])
        #expect(first.status == .badRequest)
        #expect(try first.codes == ["PERSISTED_QUERY_NOT_FOUND"])
        let extensions: JSONValue = ["persistedQuery": ["version": 1, "sha256Hash": .string(hash(query))]]
        #expect(try site.post(["query": .string(query), "extensions": extensions], by: Token.member).status == .ok)
        let again = try site.post(["extensions": extensions], by: Token.member)
        #expect(try again.text(at: "me.id") != nil)
        #expect(try site.post(["query": "{ __typename }", "extensions": extensions]).codes == ["MALFORMED_REQUEST"])
    }

    /// As the site knows documents.
    private func hash(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return (0..<32).map { place in
            let byte = UInt8(truncatingIfNeeded: hash >> UInt64(place % 8 * 8))
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    @Test(
        arguments: [
            String(repeating: "{ a ", count: 1000), "{ " + String(repeating: "__typename ", count: 400) + "}",
            "{ " + (0..<40).map { "a\($0): __typename" }.joined(separator: " ") + " }",
            "query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
            "{ users(first: 99999999999999999999) { totalCount } }",
            "{ __typename" + String(repeating: " @skip(if: false)", count: 20) + " }",
            "\u{FEFF}{ \u{0} }", "\"\"\"",
            "{ users(first: 100) { nodes { sessions { id } } } "
                + (0..<29).map {
                    "a\($0): users(first: 100) { nodes { sessions { id } apiKeys { id } } }"
                }.joined(separator: " ") + " }",
        ]
    )
    func `whatever is asked, the answer is one of GraphQL`(query: String) throws {
        site.bodyLimit = 64 << 10
        let answer = try site.ask(query, by: Token.administrator)
        #expect([200, 400].contains(answer.status.code))
        #expect(try answer.status == .ok || !answer.errors.isEmpty)
    }
}
