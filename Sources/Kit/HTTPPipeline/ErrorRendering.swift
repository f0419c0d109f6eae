/// The stage that makes a response of every error, so that no error leaves the pipeline in another way.
///
/// ``HTTPError`` is rendered as it is. The product's own errors are translated first. Whatever remains is a fault:
/// 500, "Internal error.", the request id, and the whole story in the record for the log.
public struct ErrorRendering: Stage {
    private let translate: (any Error) -> HTTPError?

    /// Takes the product's table of errors; nil from it means a fault.
    public init(translate: @escaping (any Error) -> HTTPError?) {
        self.translate = translate
    }

    /// Never throws.
    public func respond(to request: Request, next: (Request) throws -> Response) -> Response {
        do {
            return try next(request)
        } catch {
            return response(to: request, for: error)
        }
    }

    /// The response for an error, which the record of the request tells too.
    public func response(to request: Request, for error: any Error) -> Response {
        let known = error as? HTTPError ?? translate(error) ?? .fault(String(reflecting: error))
        request.record.errorCode = known.code.text
        request.record.fault = known.story
        let shape = MediaType.errorBody(accept: request.field(.accept))
        return shape.response(for: known, requestID: request.id)
    }
}
