public import FastCGI
public import HTTPPipeline

/// Answers requests that lie in memory by a pipeline, for a thread that must not wait for anybody.
public struct BufferedResponder {
    private let respond: (HTTPPipeline.Request) -> Response

    /// Takes the whole pipeline, which renders its errors itself.
    public init(_ respond: @escaping (HTTPPipeline.Request) -> Response) {
        self.respond = respond
    }

    /// Runs the pipeline, and gives what a CGI program would write.
    public func respond(to request: BufferedRequest) -> [UInt8] {
        let content = BufferedContent(request: request)
        let uri = request["REQUEST_URI"] ?? []
        let request = content.request(for: Target(uri.span))
        return ResponseEncoding.bytes(of: respond(request), withBody: request.method != .head)
    }
}

/// The header fields of such a request; its body is nobody's business.
private struct BufferedContent: MetaVariables {
    let request: BufferedRequest

    func text(_ name: StaticString) -> String? {
        request["\(name)"].map { String(decoding: $0, as: UTF8.self) }
    }

    func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        let nothing: [UInt8] = []
        return try body(nothing.span)
    }
}
