internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of sessions.
struct SessionHandlers {
    let sessions: SessionService

    /// Signs in; the token is shown this once.
    func signIn(_ call: Call) throws -> Response {
        let origin = SessionOrigin(
            address: call.request.remoteAddress,
            userAgent: call.request.field(.userAgent) ?? ""
        )
        let signedIn = try sessions.signIn(
            email: try call.body.value(of: SessionBody.email),
            password: try call.body.value(of: SessionBody.password),
            from: origin
        )
        call.request.record.caller = signedIn.user.id.description
        var response = Response.data(.created) { data in
            data.object { session in
                session.member("id", signedIn.session.id.description)
                session.member("token", signedIn.token.text)
                session.member("expires_at", timestamp: signedIn.session.expiresAt.microseconds)
                session.member("user") { signedIn.user.write(to: &$0) }
            }
        }
        response.add("Cache-Control", "no-store")
        return response
    }

    /// Ends the session that the request came with.
    func signOut(_ call: Call, by caller: Principal) throws -> Response {
        try sessions.signOut(caller)
        return Response(.noContent)
    }
}
