package import Domain

/// What making an API key gives: the key, and the token that is shown this once.
package struct IssuedAPIKey: Sendable {
    /// The new key.
    package let key: APIKey

    /// What proves the key from now on.
    package let token: APIKeyToken
}
