/// The stage that sees to it that each request has an id, and tells it in `Request-Id`.
///
/// The web server makes the id and logs it too. One that is missing, or is no token of 8 to 64 letters, digits,
/// hyphens and underscores, is replaced by one of our own.
public struct RequestIdentification: Stage {
    private let makeID: () -> String

    /// Takes what makes an id where the web server gave none.
    public init(makeID: @escaping () -> String) {
        self.makeID = makeID
    }

    /// Passes the request on with its id.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        var request = request
        if !Self.isToken(request.id) { request.id = makeID() }
        var response = try next(request)
        response.add("Request-Id", request.id)
        return response
    }

    private static func isToken(_ id: String) -> Bool {
        (8...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
