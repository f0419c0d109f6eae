internal import Domain
internal import JSON

extension Session {
    /// Writes the session as the API shows it; `isCurrent` tells whether the request came with it.
    func write(to writer: inout JSONWriter, isCurrent: Bool) {
        writer.object { session in
            session.member("id", id.description)
            session.member("created_at", timestamp: createdAt.microseconds)
            session.member("last_seen_at", timestamp: lastSeenAt.microseconds)
            session.member("expires_at", timestamp: expiresAt.microseconds)
            session.member("address", origin.address)
            session.member("user_agent", origin.userAgent)
            session.member("current", isCurrent)
        }
    }
}
