/// A request method that routes can name (RFC 9110, section 9; PATCH: RFC 5789).
public enum Method: String, Sendable, CaseIterable {
    /// Transfer a representation.
    case get = "GET"
    /// As GET, without the content.
    case head = "HEAD"
    /// Process the content, as the resource defines.
    case post = "POST"
    /// Replace the resource.
    case put = "PUT"
    /// Change parts of the resource.
    case patch = "PATCH"
    /// Remove the resource.
    case delete = "DELETE"
    /// Tell what is allowed.
    case options = "OPTIONS"

    /// Whether it changes nothing (RFC 9110, section 9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options }
}
