internal import Domain
internal import HTTPPipeline

/// The cookie in which browsers keep the token of a session.
///
/// Its prefix has browsers take it only over TLS, from this host itself, for all paths. Pages cannot read it, and no
/// other site makes them send it but by a link that is followed.
enum SessionCookie {
    /// Its name.
    static let name = "__Host-gatehouse"
    private static let attributes = "Path=/; HttpOnly; Secure; SameSite=Lax"

    /// The field that takes the cookie away.
    static let removal = Response.Field(name: "Set-Cookie", value: "\(name)=; Max-Age=0; \(attributes)")

    /// The field that sets the cookie, until the session ends in any case.
    static func field(for session: Session, _ token: SessionToken) -> Response.Field {
        let seconds = (session.endsAt.microseconds - session.createdAt.microseconds) / 1_000_000
        return Response.Field(name: "Set-Cookie", value: "\(name)=\(token.text); Max-Age=\(seconds); \(attributes)")
    }

    /// The token that a request brings along as cookie, checked by nobody yet.
    static func token(of request: Request) -> String? {
        request.field(.cookie).flatMap { CookieField.value(of: name, in: $0) }
    }
}
