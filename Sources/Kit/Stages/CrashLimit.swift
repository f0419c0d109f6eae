public import HTTPPipeline

/// The stage that refuses a request under which workers have crashed already.
///
/// The web server tries a request again where its worker dies. One that is itself the reason would take one worker after
/// the other with it: after two crashes it is answered with 500, and the log has the story.
public struct CrashLimit: Stage {
    /// So many workers may crash under one request.
    public static let most = 2

    private let crashes: () -> Int

    /// Takes what tells how many workers have crashed under the request that this thread serves.
    public init(_ crashes: @escaping () -> Int) {
        self.crashes = crashes
    }

    /// Passes the request on.
    ///
    /// - Throws: ``HTTPError`` 500.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        guard crashes() < Self.most else {
            throw HTTPError.fault("workers have died under this request, and it is not tried again")
        }
        return try next(request)
    }
}
