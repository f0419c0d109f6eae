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
        let target = Target(uri.span)
        let method = content.text("REQUEST_METHOD").flatMap(Method.init(rawValue:))
        let response = respond(
            HTTPPipeline.Request(
                method: method,
                path: target.path,
                query: target.query,
                remoteAddress: content.text("REMOTE_ADDR") ?? "",
                id: content.text("REQUEST_ID") ?? "",
                content: content
            )
        )
        return ResponseEncoding.bytes(of: response, withBody: method != .head)
    }
}

/// The header fields of such a request; its body is nobody's business.
private struct BufferedContent: RequestContent {
    let request: BufferedRequest

    func text(_ name: String) -> String? {
        request[name].map { String(decoding: $0, as: UTF8.self) }
    }

    func field(_ name: FieldName) -> String? {
        guard let value = text("\(name.metaVariable)"), !(value.isEmpty && name.isAbsentWhenEmpty) else { return nil }
        return value
    }

    func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        let nothing: [UInt8] = []
        return try body(nothing.span)
    }
}
