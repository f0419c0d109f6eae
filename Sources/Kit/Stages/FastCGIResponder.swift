public import FastCGI
public import HTTPPipeline

/// Answers FastCGI requests by a pipeline; one for each handler thread.
public final class FastCGIResponder {
    private let respond: (HTTPPipeline.Request) -> Response
    private let observe: (Status) -> Void

    /// Takes the whole pipeline, which renders its errors itself, and whom to tell the status of each response.
    public init(
        _ respond: @escaping (HTTPPipeline.Request) -> Response,
        observe: @escaping (Status) -> Void = { _ in }
    ) {
        self.respond = respond
        self.observe = observe
    }

    /// Reads the request, runs the pipeline, and hands the response over; the caller ends the request.
    ///
    /// - Parameters:
    ///   - request: one that libfcgi has parsed.
    ///   - isTurnedAway: there is no room for it; see `LoadShedding`.
    public func respond(to request: FastCGI.Request, isTurnedAway: Bool = false) {
        let received = FastCGIContent(request: request).request(
            for: request.withParameter("REQUEST_URI") { Target($0) },
            receivedAt: Self.receptionTime(of: request),
            isTurnedAway: isTurnedAway
        )
        let response = respond(received)
        request.write(ResponseEncoding.bytes(of: response, withBody: received.method != .head))
        observe(response.status)
    }

    /// When the web server had the whole request, in microseconds since 1970 UTC; nil where it does not say.
    public static func receptionTime(of request: FastCGI.Request) -> Int64? {
        request.withParameter("REQUEST_TIME", microseconds)
    }

    /// Seconds with three digits behind the point, as nginx's `$msec` has them.
    private static func microseconds(_ text: Span<UInt8>?) -> Int64? {
        guard let text, (5...16).contains(text.count) else { return nil }
        var milliseconds: Int64 = 0
        for index in text.indices {
            let digit = text[index]
            if index == text.count - 4 {
                guard digit == UInt8(ascii: ".") else { return nil }
            } else {
                guard (48...57).contains(digit) else { return nil }
                milliseconds = milliseconds * 10 + Int64(digit - 48)
            }
        }
        return milliseconds * 1000
    }
}

/// Header fields and body of a FastCGI request, read when somebody asks.
private struct FastCGIContent: MetaVariables {
    let request: FastCGI.Request

    func text(_ name: StaticString) -> String? {
        request.withParameter(name) { bytes in
            guard let bytes else { return nil }
            if let text = try? UTF8Span(validating: bytes) { return String(copying: text) }
            return String(decoding: Array(copying: bytes), as: UTF8.self)
        }
    }

    func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        do {
            return try request.withBody(limit: limit, body)
        } catch FastCGI.Request.BodyError.tooLarge {
            throw HTTPError(.payloadTooLarge, "The body has more than \(limit) bytes.")
        } catch FastCGI.Request.BodyError.truncated {
            throw HTTPError(.malformedRequest, "The body broke off.")
        }
    }
}
