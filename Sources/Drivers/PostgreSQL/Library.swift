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
    @safe private struct Functions<Table>: @unchecked Sendable {
        let table: Table
    }

    // Sound, both: they fill the memory that they are given, and nothing else.
    private static let loaded = unsafe load(cpostgresql_load)
    private static let loadedForListening = unsafe load(cpostgresql_listening_load)

    /// The functions of the library.
    static func functions() throws(PostgreSQLError) -> cpostgresql_functions { try loaded.get().table }

    /// Those by which notifications are read.
    static func listeningFunctions() throws(PostgreSQLError) -> cpostgresql_listening_functions {
        try loadedForListening.get().table
    }

    private static func load<Table>(
        _ fill: (UnsafePointer<CChar>?, UnsafeMutablePointer<Table>?) -> Int32
    ) -> Result<Functions<Table>, PostgreSQLError> {
        // Sound: the memory is this function's own, and read only after every member has been set.
        let memory = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        defer { unsafe memory.deallocate() }
        guard unsafe fill(fileName, memory) == 0 else {
            // Sound: a terminated string that lives until this thread loads something else; it is copied at once.
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown"
            let message = "libpq cannot be loaded (package libpq5): \(reason)"
            return .failure(PostgreSQLError(.cannotConnect, message, statement: "connect"))
        }
        return .success(Functions(table: unsafe memory.pointee))
    }
}
