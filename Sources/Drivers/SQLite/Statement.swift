internal import CSQLite

/// A prepared statement of a ``Connection``.
///
/// Bind, step until no row comes, reset, and begin again. Columns are numbered
/// from 0 and can be read after ``step()`` has returned true. For the thread of
/// its connection only.
@safe public final class Statement {
    // Not @usableFromInline and never handed out: all unsafe use is in this module.
    let handle: OpaquePointer

    /// What errors call the statement.
    public let id: String

    /// How many parameters have to be bound.
    public let parameterCount: Int

    /// Whether the statement leaves the database as it is.
    public let isReadOnly: Bool

    /// How many closures look at a column's bytes at the moment.
    @usableFromInline var viewCount = 0

    /// Takes over a compiled statement that nobody else finalises.
    @unsafe init(_ handle: OpaquePointer, id: String) {
        unsafe self.handle = handle
        self.id = id
        // Sound: the handle is a compiled statement.
        parameterCount = Int(unsafe sqlite3_bind_parameter_count(handle))
        isReadOnly = unsafe sqlite3_stmt_readonly(handle) != 0
    }

    deinit {
        // Sound: the only place that does it, and nobody can refer to it now.
        unsafe sqlite3_finalize(handle)
    }

    /// Whether the statement has been stepped and neither ended nor been reset.
    public var isRunning: Bool {
        // Sound: the handle lives as long as this object, here and below.
        unsafe sqlite3_stmt_busy(handle) != 0
    }

    /// Runs to the next row, or to the end.
    ///
    /// - Returns: Whether there is a row.
    public func step() throws(SQLiteError) -> Bool {
        checkNoViews()
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw failure(code)
    }

    /// Goes back to the beginning, so that locks and snapshot are let go of.
    ///
    /// The bound values stay. What ``step()`` has thrown is not thrown again.
    public func reset() {
        checkNoViews()
        // The result repeats the error of the last step.
        unsafe sqlite3_reset(handle)
    }

    /// The error for a code that a call on this statement has just returned.
    func failure(_ code: Int32) -> SQLiteError {
        unsafe SQLiteError(code, in: sqlite3_db_handle(handle), statement: id)
    }

    /// The views of columns are sound because of this: nothing that would move
    /// or free their memory gets past.
    func checkNoViews() {
        precondition(viewCount == 0, "a statement went on while a closure was looking at its row")
    }
}
