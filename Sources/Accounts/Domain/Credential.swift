/// By what a request proves who calls.
package enum Credential: Hashable, Sendable {
    /// A session, begun with the password.
    case session(SessionID)
    /// A key that a program was given, and what may be done with it.
    case key(APIKeyID, APIKeyAccess)
}
