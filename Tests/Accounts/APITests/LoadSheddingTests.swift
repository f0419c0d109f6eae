import HTTPPipeline
import TestSupport
import Testing

@testable import API

struct LoadSheddingTests {
    @Test func `what always hashes a password waits apart, and by all its paths`() throws {
        #expect(
            try Site().heavyRoutes.sorted() == [
                "POST /api/me/password", "POST /api/password-resets/confirmations", "POST /api/sessions",
                "POST /api/users",
                "POST /api/v1/me/password", "POST /api/v1/password-resets/confirmations", "POST /api/v1/sessions",
                "POST /api/v1/users",
            ]
        )
    }

    @Test func `what was turned away is told so, and nobody asks who it was or hashes anything`() throws {
        let site = try Site()
        for path in ["/api/v1/sessions", "/api/users", "/api/v1/me/password"] {
            var request = ClientRequest("POST", path, fields: [("Authorization", "Bearer \(Token.unknown)")], body: "{")
            request.isTurnedAway = true
            let response = try site.send(request)
            #expect(response.status.code == 503)
            #expect(response.fields.contains { $0.name == "Retry-After" && $0.value == "1" })
        }
        #expect(site.hasher.calls == [])
    }
}
