import API
import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// Webhooks over HTTP.
struct WebhookRoutesTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func send(_ method: String, _ path: String, body: String = "") throws -> Response {
        let fields = [
            (name: "Content-Type", value: "application/json"),
            (name: "Authorization", value: "Bearer \(Token.administrator)"),
        ]
        return try site.send(ClientRequest(method, "/api/v1/webhooks\(path)", fields: fields, body: body))
    }

    @Test func `a webhook is made, shown without its secret, changed and deleted`() throws {
        let made = try send("POST", "", body: #"{"url": "https://receiver.example/x"}"#)
        #expect(made.status == .created)
        #expect(made.field("Cache-Control") == "no-store")
        let id = try #require(try made.data["id"]?.string)
        #expect(try made.data["secret"]?.string?.hasPrefix("whsec_") == true)
        #expect(made.field("Location") == "/api/v1/webhooks/\(id)")
        let shown = try send("GET", "/\(id)").data
        #expect(shown["secret"] == nil)
        #expect(shown["status"] == .string("active"))
        #expect(shown["failing_since"] == .null)
        let changed = try send("PATCH", "/\(id)", body: #"{"status": "disabled"}"#)
        #expect(try changed.data["status"] == .string("disabled"))
        #expect(try send("GET", "").status == .ok)
        #expect(try send("GET", "/\(id)/deliveries").status == .ok)
        #expect(try send("GET", "/\(id)/dead-letters").status == .ok)
        #expect(try send("POST", "/\(id)/replays").data["replayed"] == .integer(0))
        #expect(try send("DELETE", "/\(id)").status == .noContent)
        #expect(try send("GET", "/\(id)").status == .notFound)
    }

    @Test func `a secret is shown as receivers take it`() {
        #expect(
            WebhookSecret(bytes: Array(0..<32)).text == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        )
    }

    @Test(arguments: [
        "{}", #"{"url": "ftp://x/"}"#, #"{"url": 1}"#, #"{"url": "https://127.0.0.1/"}"#,
        #"{"url": "https://x/", "secret": "x"}"#,
    ])
    func `what is no webhook is refused`(body: String) throws {
        #expect(try send("POST", "", body: body).status == .badRequest)
    }
}
