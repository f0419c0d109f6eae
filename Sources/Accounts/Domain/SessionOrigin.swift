/// From where a session was begun, as the client told it.
///
/// It is there to be recognised by the user, nothing is decided by it. Both
/// texts are cut to what can be stored: U+0000 is left out, and what exceeds
/// the greatest length is dropped.
package struct SessionOrigin: Hashable, Sendable {
    /// The greatest length of an address, in Unicode scalars.
    package static let longestAddress = 64

    /// The greatest length of a user agent, in Unicode scalars.
    package static let longestUserAgent = 512

    /// The network address, in text.
    package let address: String

    /// The `User-Agent` header; empty where none was sent.
    package let userAgent: String

    /// Takes what the client told.
    package init(address: String, userAgent: String) {
        self.address = address.storable(longest: Self.longestAddress)
        self.userAgent = userAgent.storable(longest: Self.longestUserAgent)
    }
}
