internal import CSQLite

/// The SQLite library that the process has loaded.
public enum Library {
    /// The version of the library at run time, such as `3.40.1`.
    public static var version: String {
        // Sound: a constant, terminated string of the library's.
        unsafe String(cString: sqlite3_libversion())
    }

    /// Sets up the library once, before its first connection.
    ///
    /// Without memory statistics an allocation takes no process-wide lock.
    /// Debian builds SQLite without lookaside memory, so that every small
    /// allocation of every thread would queue for it. If something else in the
    /// process has initialised SQLite before, the call is refused and the
    /// statistics stay: slower, not wrong; so its result is not looked at.
    static let setUp: Void = {
        _ = csqlite_disable_memory_statistics()
        _ = sqlite3_initialize()
    }()
}
