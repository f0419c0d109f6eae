internal import Domain
internal import JSON

extension APIKey {
    /// Writes the key as the API shows it; `token` only where it has just been made.
    func write(to writer: inout JSONWriter, token: APIKeyToken? = nil) {
        writer.object { key in
            key.member("id", id.description)
            if let token { key.member("key", token.text) }
            key.member("name", name.text)
            key.member("access", access.rawValue)
            key.member("created_at", timestamp: createdAt.microseconds)
            key.member("last_used_at") { Self.write(lastUsedAt, to: &$0) }
            key.member("expires_at") { Self.write(expiresAt, to: &$0) }
        }
    }

    private static func write(_ instant: Timestamp?, to writer: inout JSONWriter) {
        guard let instant else { return writer.null() }
        writer.timestamp(microseconds: instant.microseconds)
    }
}
