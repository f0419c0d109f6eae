import HTTPPipeline
import Testing

struct KeptResponseTests {
    @Test func `a response that was kept is the same again`() throws {
        var response = Response(.created, contentType: MediaType.json, body: Array("{\n}\n\u{0}\u{E4}".utf8))
        response.add("Location", "/users/1")
        response.add("Set-Cookie", "a=\"1\\2\"; Path=/")
        response.add("Set-Cookie", "b=\u{E4}")
        let kept = try #require(Response(status: 201, keptContent: response.keptContent))
        #expect(kept.status == .created)
        #expect(kept.status.reason == "Created")
        #expect(kept.fields == response.fields)
        #expect(kept.body == response.body)
    }

    @Test func `one without fields and body too`() throws {
        let kept = try #require(Response(status: 204, keptContent: Response(.noContent).keptContent))
        #expect(kept.status == .noContent)
        #expect(kept.fields.isEmpty && kept.body.isEmpty)
    }

    @Test(arguments: [
        "", "\n", "{}\n", "{\"reason\":\"OK\",\"fields\":[[\"a\"]]}\n", "{\"reason\":1,\"fields\":[]}\n", "[]\n",
    ])
    func `what is no response is told`(text: String) {
        #expect(Response(status: 200, keptContent: Array(text.utf8)) == nil)
    }
}
