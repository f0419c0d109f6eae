internal import HTTPPipeline
internal import OpenAPI

/// What the routes of sessions take and answer.
extension Contract {
    static let signIn = Contract("signIn", .sessions, "Sign in")
        .telling(
            "The token is shown this once. With `cookie` it is set as a cookie that no script can read, and not shown. "
                + "The answer and its time are the same for an unknown address, a wrong password and an account without one."
        )
        .taking(body: .of(SessionBody.credentials))
        .answering(.created, "The new session.", .one(NewSession.representation), .cacheControl, .sessionCookie)
        .refusing(
            .invalidCredentials,
            "The email or the password is wrong.",
            "Address or password is wrong: `INVALID_CREDENTIALS`."
        )
        .refusing(
            .accountDisabled,
            "This account is disabled.",
            "The password is right, but the account is disabled: `ACCOUNT_DISABLED`."
        )

    static let listSessions = Contract("listSessions", .sessions, "List my sessions")
        .telling("Those that have not ended, the newest first, all on one page.")
        .answering(.ok, "The sessions.", .all(ShownSession.representation), .link, .cacheControl, .vary)

    static let endSessions = Contract("endSessions", .sessions, "End all my sessions")
        .telling("This one too.")
        .answering(.noContent, "They have ended.", nil, .cookieTakenAway)

    static let signOut = Contract("signOut", .sessions, "Sign out")
        .answering(.noContent, "The session of this request has ended.", nil, .cookieTakenAway)

    static let endSession = Contract("endSession", .sessions, "End one of my sessions")
        .answering(.noContent, "It has ended.", nil, .cookieTakenAway)

    static let listSessionsOfUser = Contract("listSessionsOfUser", .users, "List somebody's sessions")
        .answering(.ok, "The sessions.", .all(ShownSession.representation), .link, .cacheControl, .vary)

    static let endSessionsOfUser = Contract("endSessionsOfUser", .users, "End somebody's sessions")
        .answering(.noContent, "They have ended.", nil, .cookieTakenAway)
}
