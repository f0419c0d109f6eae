internal import CSodium

/// libsodium, which all cryptography comes from.
public enum CryptographyLibrary {
    /// libsodium could not be made ready.
    public struct Unavailable: Error, CustomStringConvertible {
        /// In words, naming the library.
        public var description: String { "libsodium: sodium_init failed" }
    }

    /// The version of the library at run time, such as `1.0.18`.
    public static var version: String {
        // Sound: a constant, terminated string of the library's.
        unsafe String(cString: sodium_version_string())
    }

    /// Makes libsodium ready; called once, before any other use.
    ///
    /// Calling it again does nothing.
    public static func initialize() throws(Unavailable) {
        guard sodium_init() >= 0 else { throw Unavailable() }
    }
}
