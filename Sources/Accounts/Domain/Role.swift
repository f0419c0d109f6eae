/// What a user may do.
///
/// The raw values are those of the API and of storage.
package enum Role: String, Hashable, CaseIterable, Sendable {
    /// Sees and changes the own account.
    case member
    /// Sees and changes every account.
    case administrator = "admin"
}
