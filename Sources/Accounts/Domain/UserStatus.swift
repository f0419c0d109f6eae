/// Whether a user may sign in.
///
/// The raw values are those of the API and of storage.
package enum UserStatus: String, Hashable, CaseIterable, Sendable {
    /// May sign in.
    case active
    /// May not sign in, and has no sessions.
    case disabled
}
