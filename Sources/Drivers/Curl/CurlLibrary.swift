internal import CCurl

/// libcurl, which sends what leaves the machine: mail and webhooks.
///
/// Thread safety: the library is made ready once, by whichever client is made first. A client is for one thread at a
/// time; several threads take a client each. A process that uses it ignores or blocks SIGPIPE, as libcurl is told to
/// leave signals alone.
public enum CurlLibrary {
    /// libcurl cannot be used.
    public struct Unavailable: Error, CustomStringConvertible {
        /// What `curl_global_init` returned.
        public let code: UInt32

        /// In words, naming the library.
        public var description: String { "libcurl: curl_global_init failed with \(code)" }
    }

    /// The version of the library at run time, such as `7.88.1`.
    public static var version: String {
        // Sound: a constant, terminated string of the library's.
        unsafe ccurl_version().map { unsafe String(cString: $0) } ?? ""
    }

    /// Makes libcurl ready, once for the process; calling it again tells the first outcome.
    ///
    /// It takes some milliseconds, most of them OpenSSL's, and is best done before other threads are started: libcurl
    /// promises to be safe beside them from 7.84.0 on, the libraries below it do not.
    public static func initialize() throws(Unavailable) {
        guard outcome == CURLE_OK else { throw Unavailable(code: outcome.rawValue) }
    }

    private static let outcome = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}
