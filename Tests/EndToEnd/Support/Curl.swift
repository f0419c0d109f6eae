/// Requests over TLS, as curl makes them.
struct Curl {
    let socket: String
    let authority: String

    /// Sends a request with HTTP/2, or another version that curl is told.
    func send(_ request: HTTPRequest, options: [String] = ["--http2"]) throws -> HTTPResponse {
        var arguments = ["-q", "-s", "-S", "--max-time", "20", "--noproxy", "*", "--path-as-is", "--globoff"]
        arguments += ["--cacert", authority, "--unix-socket", socket] + options
        arguments += request.method == "HEAD" ? ["--head"] : ["--include", "--request", request.method]
        for field in request.fields { arguments += ["--header", field] }
        if request.body != nil { arguments += ["--data-binary", "@-"] }
        arguments.append("https://localhost\(request.path)")
        let command = try Command.run("curl", arguments, input: request.body ?? [])
        let output = command.output
        // Also where curl could not send all: what the server said to that is what counts.
        guard let end = HTTPResponse.endOfHead(in: output) else {
            throw Failure("curl \(request.method) \(request.path) \(command.end): \(command.errors)")
        }
        var response = try HTTPResponse(head: output[..<end])
        response.body = Array(output[(end + 4)...])
        return response
    }
}
