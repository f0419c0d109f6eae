import HTTPPipeline
import Testing

struct RoutingTests {
    private let routing: Routing<String> = {
        var router = Router<String>()
        router.add(.get, "/users", "list")
        router.add(.post, "/users", "create")
        router.add(.delete, "/users/{id}", "delete")
        return Routing(router)
    }()

    private func respond(_ request: Request) throws -> Response {
        try routing.respond(to: request) { routed in
            Response(.ok, contentType: "text/plain", body: Array(routed.endpoint.utf8))
        }
    }

    @Test func `the endpoint of method and path is handed on with the parameters`() throws {
        let request = Request.fake(.delete, "/users/7?x=1")
        let response = try routing.respond(to: request) { routed in
            #expect(routed.endpoint == "delete")
            #expect(routed.parameters["id"] == "7")
            #expect(routed.request.query == Array("x=1".utf8))
            return Response(.noContent)
        }
        #expect(response.status == .noContent)
        #expect(request.record.route == "/users/{id}")
    }

    @Test func `HEAD is served by what serves GET`() throws {
        #expect(try respond(.fake(.head, "/users")).text == "list")
    }

    @Test func `HEAD is not allowed where GET is not`() throws {
        let error = try httpError { _ = try respond(.fake(.head, "/users/7")) }
        #expect(error?.code == .methodNotAllowed)
    }

    @Test func `OPTIONS tells what is allowed and asks nobody`() throws {
        let request = Request.fake(.options, "/users")
        let response = try routing.respond(to: request) { _ in
            Issue.record("the endpoint was asked")
            return Response(.ok)
        }
        #expect(response.status == .noContent)
        #expect(response.values(of: "Allow") == ["GET, POST, HEAD, OPTIONS"])
        #expect(response.body.isEmpty)
        #expect(request.record.route == "/users")
    }

    @Test func `OPTIONS of what is not there is 404`() throws {
        #expect(try httpError { _ = try respond(.fake(.options, "/nobody")) }?.code == .notFound)
        #expect(try httpError { _ = try respond(.fake(.options, "*")) }?.code == .notFound)
    }

    @Test func `a path that nobody serves is 404 by any method, and has no route`() throws {
        for method in Method.allCases.map(Optional.some) + [nil] {
            let request = Request.fake(method, "/nobody")
            let error = try httpError { _ = try respond(request) }
            #expect(error?.code == .notFound)
            #expect(error?.fields == [])
            #expect(request.record.route == nil)
        }
    }

    @Test(arguments: [.put, .patch, .delete, nil] as [Method?])
    func `a method that the path lacks, or that nobody knows, is 405 with Allow`(method: Method?) throws {
        let request = Request.fake(method, "/users")
        let error = try httpError { _ = try respond(request) }
        #expect(error?.code == .methodNotAllowed)
        #expect(error?.fields == [Response.Field(name: "Allow", value: "GET, POST, HEAD, OPTIONS")])
        #expect(request.record.route == "/users")
    }

    // MARK: - LoadShedding

    @Test func `a request for which there is room goes on`() throws {
        let stages = routing.then(LoadShedding())
        #expect(try stages.respond(to: .fake(.get, "/users")) { _ in Response(.noContent) }.status == .noContent)
    }

    @Test func `a request for which there is no room is refused before anything is done, and the log knows its route`()
        throws
    {
        let request = Request.fake(.post, "/users", isTurnedAway: true)
        let error = try httpError {
            _ = try routing.then(LoadShedding()).respond(to: request) { _ in
                Issue.record("the request went on")
                return Response(.ok)
            }
        }
        #expect(error?.code == .overloaded)
        #expect(error?.code.status.code == 503)
        #expect(error?.fields == [Response.Field(name: "Retry-After", value: "1")])
        #expect(request.record.route == "/users")
    }
}
