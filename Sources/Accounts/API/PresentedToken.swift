internal import Domain
internal import HTTPPipeline

/// What a request shows to prove who calls, checked by nobody yet.
enum PresentedToken {
    /// `Authorization: Bearer <token>`.
    case bearer(String)
    /// The cookie of a session.
    case cookie(String)

    /// Looks for a token; where a request has both, the header counts.
    ///
    /// Throws `DomainError.unauthenticated` for another scheme than Bearer.
    static func of(_ request: Request) throws -> PresentedToken? {
        guard let value = request.field(.authorization) else {
            return SessionCookie.token(of: request).map(PresentedToken.cookie)
        }
        // The scheme is compared without case (RFC 9110, section 11.1; RFC 6750, section 2.1).
        let space = UInt8(ascii: " ")
        let parts = value.utf8.split(separator: space, maxSplits: 1)
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bearer" else { throw DomainError.unauthenticated }
        return .bearer(String(Substring(parts[1].drop { $0 == space })))
    }
}

extension Request {
    /// Whether it proves its caller by cookie.
    var isByCookie: Bool {
        guard case .cookie = try? PresentedToken.of(self) else { return false }
        return true
    }
}
