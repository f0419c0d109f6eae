internal import CPostgreSQL
internal import Glibc

/// The library libpq, which the process loads when it first needs it.
///
/// A process that never connects has nothing of it: linked, it and the twenty libraries that it needs cost every start
/// 3 ms and every process a megabyte of its own.
public enum Library {
    /// What the file is called on every system with this interface.
    static let fileName = "libpq.so.5"

    /// The version of the library, such as `15.18`; nil where there is none.
    public static var version: String? {
        guard let functions = try? functions() else { return nil }
        let number = functions.PQlibVersion()
        return "\(number / 10_000).\(number % 10_000)"
    }

    // Sendable although it holds pointers: they are those of functions, never change, and any thread may call them.
    @safe private struct Functions: @unchecked Sendable {
        let table: cpostgresql_functions
    }

    private static let loaded = load()

    /// The functions of the library.
    static func functions() throws(PostgreSQLError) -> cpostgresql_functions { try loaded.get().table }

    private static func load() -> Result<Functions, PostgreSQLError> {
        // Sound: the memory is this function's own, and read only after every member has been set.
        let memory = UnsafeMutablePointer<cpostgresql_functions>.allocate(capacity: 1)
        defer { unsafe memory.deallocate() }
        guard unsafe cpostgresql_load(fileName, memory) == 0 else {
            // Sound: a terminated string that lives until this thread loads something else; it is copied at once.
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown"
            let message = "libpq cannot be loaded (package libpq5): \(reason)"
            return .failure(PostgreSQLError(.cannotConnect, message, statement: "connect"))
        }
        return .success(Functions(table: unsafe memory.pointee))
    }
}
