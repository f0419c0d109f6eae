import JSON
import Testing

/// Expects the status, and the fields that every response over HTTP/2 carries.
func expectFields(_ response: HTTPResponse, status: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(response.version == "2", sourceLocation: sourceLocation)
    expectOwnFields(response, status: status, "", sourceLocation)
}

/// Expects an error in the shape that the API promises; `what` tells one of many from the others.
func expectError(
    _ response: HTTPResponse,
    _ status: Int,
    _ code: String,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectOwnFields(response, status: status, what, sourceLocation)
    let error = (try? response.json())?["error"]
    let names = ["code", "message", "details", "request_id"]
    #expect(error?.names == names, "\(what)", sourceLocation: sourceLocation)
    #expect(error?["code"]?.string == code, "\(what)", sourceLocation: sourceLocation)
    #expect(error?["message"]?.string?.isEmpty == false, "\(what)", sourceLocation: sourceLocation)
    #expect(error?["request_id"]?.string == response["request-id"], "\(what)", sourceLocation: sourceLocation)
}

/// Expects that the database could not be used, and that the client is told when to come again.
func expectUnavailable(_ response: HTTPResponse, sourceLocation: SourceLocation = #_sourceLocation) {
    expectError(response, 503, "UNAVAILABLE", sourceLocation: sourceLocation)
    #expect(response["retry-after"]?.isEmpty == false, sourceLocation: sourceLocation)
}

/// Expects the status, and the fields that every response carries, whoever made it.
private func expectOwnFields(
    _ response: HTTPResponse,
    status: Int,
    _ what: String,
    _ sourceLocation: SourceLocation
) {
    #expect(response.status == status, "\(what) \(response.text)", sourceLocation: sourceLocation)
    let ids = response.values("request-id")
    let isID = ids.count == 1 && ids[0].count == 32 && ids[0].allSatisfy(\.isHexDigit)
    #expect(isID, "\(what) \(ids)", sourceLocation: sourceLocation)
    #expect(response.values("api-version") == ["1"], "\(what)", sourceLocation: sourceLocation)
    #expect(response.values("x-content-type-options") == ["nosniff"], "\(what)", sourceLocation: sourceLocation)
    guard status != 204 else { return }
    let type = "application/json; charset=utf-8"
    #expect(response.values("content-type") == [type], "\(what)", sourceLocation: sourceLocation)
}
