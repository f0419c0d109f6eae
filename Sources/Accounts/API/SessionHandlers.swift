internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of sessions.
struct SessionHandlers {
    let sessions: SessionService
    /// What limits tries to sign in; nil where nothing does.
    let limits: RequestLimits?

    /// Signs in; the token is shown this once, or set as a cookie and not shown.
    func signIn(_ call: Call) throws -> Response {
        let origin = SessionOrigin(
            address: call.request.remoteAddress,
            userAgent: call.request.field(.userAgent) ?? ""
        )
        let email = try call.body.value(of: SessionBody.email)
        try limits?.passSignIn(call.request, email: email)
        let isForCookie = call.body[SessionBody.cookie] ?? false
        let record = call.request.record
        let answering = call.answering { (signedIn: SignedIn) in
            // For the log; told twice it is the same.
            record.caller = signedIn.user.id.description
            let session = NewSession(signedIn: signedIn, showsToken: !isForCookie)
            var response = Response.data(session, as: NewSession.representation, status: .created)
            response.add("Cache-Control", "no-store")
            if isForCookie { response.add(SessionCookie.field(for: signedIn.session, signedIn.token)) }
            return response
        }
        return try sessions.signIn(
            email: email,
            password: try call.body.value(of: SessionBody.password),
            from: origin,
            answering: answering
        )
    }

    /// The caller's own sessions.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        listed(try sessions.list(of: caller.user.id, by: caller), path: "/api/v1/sessions", caller)
    }

    /// Ends the session that the request came with.
    func signOut(_ call: Call, by caller: Principal) throws -> Response {
        try sessions.signOut(caller, answering: ended(call, isOwn: true))
    }

    /// Ends one of the caller's sessions.
    func end(_ call: Call, by caller: Principal) throws -> Response {
        let id: SessionID = try call.path.identifier()
        return try sessions.end(id, by: caller, answering: ended(call, isOwn: id == caller.sessionID))
    }

    /// Ends all of the caller's sessions, this one too.
    func endAll(_ call: Call, by caller: Principal) throws -> Response {
        try sessions.endAll(of: caller.user.id, by: caller, answering: ended(call, isOwn: true))
    }

    /// Somebody's sessions, for an administrator.
    func listOfUser(_ call: Call, by caller: Principal) throws -> Response {
        let id = try call.userID
        return listed(try sessions.list(of: id, by: caller), path: "/api/v1/users/\(id)/sessions", caller)
    }

    /// Ends all of somebody's sessions, for an administrator.
    func endAllOfUser(_ call: Call, by caller: Principal) throws -> Response {
        let id = try call.userID
        return try sessions.endAll(of: id, by: caller, answering: ended(call, isOwn: id == caller.user.id))
    }

    // MARK: - Parts

    private func listed(_ list: [Session], path: String, _ caller: Principal) -> Response {
        Response.wholeList(list, limit: SessionPolicy.mostPerUser, path: path) { session, writer in
            let shown = ShownSession(session: session, isCurrent: session.id == caller.sessionID)
            ShownSession.representation.write(shown, to: &writer)
        }
    }

    /// Takes the cookie away too where the session ended that it stands for.
    private func ended(_ call: Call, isOwn: Bool) -> Answering<Void, Response> {
        var response = Response(.noContent)
        if isOwn, call.request.isByCookie { response.add(SessionCookie.removal) }
        return call.answering { [response] in response }
    }
}
