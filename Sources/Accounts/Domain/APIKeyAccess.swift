/// What may be done with an API key, within what its user may do.
package enum APIKeyAccess: String, CaseIterable, Sendable {
    /// Reading only.
    case read
    /// Reading and changing.
    case write
}
