internal import CCurl
internal import Glibc

/// libcurl, which sends what leaves the machine, mail and webhooks; the process loads it when it first sends something.
///
/// A process that never sends has nothing of it: linked, it and the thirty libraries that it needs cost every start some
/// milliseconds and every process memory of its own.
///
/// Thread safety: the library is loaded and made ready once, by whichever client is made first. A client is for one thread
/// at a time; several threads take a client each. A process that uses it ignores or blocks SIGPIPE, as libcurl is told to
/// leave signals alone.
public enum CurlLibrary {
    /// What the file is called on every system with this interface.
    private static let fileName = "libcurl.so.4"

    /// The version of the library, such as `7.88.1`.
    ///
    /// - Throws: `broken`, where there is none.
    public static func version() throws(TransferError) -> String {
        // Sound: a terminated text of the library's own, which stays as long as it is loaded, for ever.
        unsafe String(cString: ccurl_version(try functions()))
    }

    // Sendable although it is a pointer: what it points to is never changed or freed, and any thread may call it.
    @safe private struct Functions: @unchecked Sendable {
        let table: UnsafePointer<ccurl_functions>
    }

    private static let loaded = load()

    /// The functions of the library, which is ready.
    ///
    /// The first call takes some milliseconds, most of them OpenSSL's, and is best done before other threads are started:
    /// libcurl promises to be safe beside them from 7.84.0 on, the libraries below it do not. Later ones tell the first
    /// outcome.
    /// - Throws: `broken`, where there is no libcurl or it is not ready.
    static func functions() throws(TransferError) -> UnsafePointer<ccurl_functions> { unsafe try loaded.get().table }

    private static func load() -> Result<Functions, TransferError> {
        // Sound: never freed once it is filled, and read only after every member has been set.
        let table = UnsafeMutablePointer<ccurl_functions>.allocate(capacity: 1)
        guard unsafe ccurl_load(fileName, table) == 0 else {
            // Sound: a terminated string that lives until this thread loads something else; it is copied at once.
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown"
            unsafe table.deallocate()
            return .failure(.broken("libcurl cannot be loaded (package libcurl4): \(reason)"))
        }
        let code = unsafe table.pointee.curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        guard code == CURLE_OK else {
            return .failure(.broken("libcurl: curl_global_init failed with \(code.rawValue)"))
        }
        return .success(unsafe Functions(table: table))
    }
}
