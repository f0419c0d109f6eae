internal import Domain
internal import JSON

extension User {
    /// Writes the user as the API shows it.
    func write(to writer: inout JSONWriter) {
        writer.object { user in
            user.member("id", id.description)
            user.member("email", email.text)
            user.member("name", name.text)
            user.member("role", role.rawValue)
            user.member("status", status.rawValue)
            user.member("created_at", timestamp: createdAt.microseconds)
            user.member("updated_at", timestamp: updatedAt.microseconds)
        }
    }
}
