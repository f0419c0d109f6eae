package import Domain

/// What a user gives who makes an API key.
package struct NewAPIKey: Sendable {
    /// What the key is called.
    package let name: APIKeyName

    /// What may be done with it.
    package let access: APIKeyAccess

    /// When it ends by itself; nil if never.
    package let expiresAt: Timestamp?

    /// Puts the checked values together; a key that nothing is said about may only read.
    package init(name: APIKeyName, access: APIKeyAccess = .read, expiresAt: Timestamp? = nil) {
        self.name = name
        self.access = access
        self.expiresAt = expiresAt
    }
}
