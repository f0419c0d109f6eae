internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// A session as its user sees it.
struct ShownSession: Sendable {
    let session: Session
    /// Whether the request came with it.
    let isCurrent: Bool

    /// How the API shows it.
    static let representation = Representation<ShownSession>(
        "Session",
        [
            .uuid("id", example: Example.otherID) { $0.session.id.description },
            .timestamp("created_at", "When its user signed in.", example: Example.instant) {
                $0.session.createdAt.microseconds
            },
            .timestamp("last_seen_at", "When it was used last; true within five minutes.", example: Example.instant) {
                $0.session.lastSeenAt.microseconds
            },
            .timestamp("expires_at", "When it ends, unless it is used before.", example: Example.laterInstant) {
                $0.session.expiresAt.microseconds
            },
            .string(
                "address",
                .string(length: 0...SessionOrigin.longestAddress),
                "From where it was begun.",
                example: "192.0.2.7"
            ) { $0.session.origin.address },
            .string(
                "user_agent",
                .string(length: 0...SessionOrigin.longestUserAgent),
                "By which program it was begun; empty where that did not tell.",
                example: "curl/7.88.1"
            ) { $0.session.origin.userAgent },
            .boolean("current", "Whether this request came with it.", example: true) { $0.isCurrent },
        ]
    )
}

/// A session that has just begun.
struct NewSession: Sendable {
    let signedIn: SignedIn
    /// Whether the token is shown; not where it is set as a cookie.
    let showsToken: Bool

    /// How the API shows it, this once.
    static let representation = Representation<NewSession>(
        "NewSession",
        [
            .uuid("id", example: Example.otherID) { $0.signedIn.session.id.description },
            .string(
                "token",
                .string(length: 48...48),
                "Proves the session; shown this once, and not where it is set as a cookie.",
                example: "gh_s_Tb0ttYEOjCoHOdcf3iFBJ5ErR9qYZkAfsd3iqzmfwrM"
            ) { $0.signedIn.token.text }.shown(where: { $0.showsToken }),
            .timestamp("expires_at", "When it ends, unless it is used before.", example: Example.laterInstant) {
                $0.signedIn.session.expiresAt.microseconds
            },
            .object("user", User.representation) { $0.signedIn.user },
        ]
    )
}
