internal import CSodium

/// libsodium, which all cryptography comes from.
public enum CryptographyLibrary {
    /// libsodium could not be made ready.
    public struct Unavailable: Error, CustomStringConvertible {
        /// In words, naming the library.
        public var description: String { "libsodium: sodium_init failed" }
    }

    /// Makes libsodium ready; called once, before any other use.
    ///
    /// Calling it again does nothing.
    public static func initialize() throws(Unavailable) {
        guard sodium_init() >= 0 else { throw Unavailable() }
    }
}
