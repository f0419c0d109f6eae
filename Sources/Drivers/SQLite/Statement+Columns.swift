internal import CSQLite

// Columns are numbered from 0. SQLite would turn NULL into 0 and text into
// numbers without a word; here a column must hold what is asked for, else
// `mismatch` is thrown. Because no call converts a value in place, pointers to a
// row's bytes stay as they are until the next step, reset or bind, all of which
// `checkNoViews` stops.
extension Statement {
    /// How many columns a row has.
    public var columnCount: Int {
        Int(unsafe sqlite3_column_count(handle))
    }

    /// Whether a column is NULL, or there is no such column or no row.
    public func isNull(at column: Int) -> Bool {
        type(column) == SQLITE_NULL
    }

    /// Reads an integer.
    public func int64(at column: Int) throws(SQLiteError) -> Int64 {
        guard type(column) == SQLITE_INTEGER else { throw mismatch(column, "an integer") }
        return unsafe sqlite3_column_int64(handle, index(column))
    }

    /// Reads a number.
    public func double(at column: Int) throws(SQLiteError) -> Double {
        let type = type(column)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw mismatch(column, "a number") }
        return unsafe sqlite3_column_double(handle, index(column))
    }

    /// Reads text; bytes that are not UTF-8 become U+FFFD.
    public func string(at column: Int) throws(SQLiteError) -> String {
        // Sound: the bytes are copied before anything else is called.
        unsafe String(decoding: try text(column), as: UTF8.self)
    }

    /// Reads bytes.
    public func bytes(at column: Int) throws(SQLiteError) -> [UInt8] {
        // Sound: as above.
        unsafe Array(try blob(column))
    }

    /// Reads an integer, or nil for NULL.
    public func optionalInt64(at column: Int) throws(SQLiteError) -> Int64? {
        isNull(at: column) ? nil : try int64(at: column)
    }

    /// Reads a number, or nil for NULL.
    public func optionalDouble(at column: Int) throws(SQLiteError) -> Double? {
        isNull(at: column) ? nil : try double(at: column)
    }

    /// Reads text, or nil for NULL.
    public func optionalString(at column: Int) throws(SQLiteError) -> String? {
        isNull(at: column) ? nil : try string(at: column)
    }

    /// Reads bytes, or nil for NULL.
    public func optionalBytes(at column: Int) throws(SQLiteError) -> [UInt8]? {
        isNull(at: column) ? nil : try bytes(at: column)
    }

    /// Lends the bytes of a column that holds bytes, without a copy.
    ///
    /// The statement cannot go on while the closure runs: that stops the
    /// process, as overlapping access to a variable does.
    ///
    /// - Throws: ``SQLiteError`` with `mismatch`, or what the closure throws.
    @inlinable public func withBytes<Result>(
        at column: Int,
        _ body: (Span<UInt8>) throws -> Result
    ) throws -> Result {
        // Sound: see `lend`.
        unsafe try lend(try blob(column), to: body)
    }

    /// Lends the UTF-8 of a column that holds text, without a copy.
    ///
    /// As ``withBytes(at:_:)``; the bytes are not checked.
    @inlinable public func withText<Result>(
        at column: Int,
        _ body: (Span<UInt8>) throws -> Result
    ) throws -> Result {
        // Sound: see `lend`.
        unsafe try lend(try text(column), to: body)
    }

    /// Sound: the row's memory stays in place until the next step, reset or
    /// bind, which `viewCount` stops, and the span cannot leave the closure.
    @unsafe @inlinable func lend<Result>(
        _ bytes: UnsafeBufferPointer<UInt8>,
        to body: (Span<UInt8>) throws -> Result
    ) rethrows -> Result {
        viewCount += 1
        defer { viewCount -= 1 }
        return try body(unsafe Span(_unsafeElements: bytes))
    }

    /// Points into the row.
    ///
    /// No other call may come between this and its use unless `viewCount` is
    /// raised.
    @unsafe @usableFromInline func text(_ column: Int) throws(SQLiteError) -> UnsafeBufferPointer<UInt8> {
        guard type(column) == SQLITE_TEXT else { throw mismatch(column, "text") }
        guard let start = unsafe sqlite3_column_text(handle, index(column)) else {
            throw failure(SQLITE_NOMEM)
        }
        let count = unsafe sqlite3_column_bytes(handle, index(column))
        return unsafe UnsafeBufferPointer(start: start, count: Int(count))
    }

    /// As `text(_:)`; no bytes may mean no pointer.
    @unsafe @usableFromInline func blob(_ column: Int) throws(SQLiteError) -> UnsafeBufferPointer<UInt8> {
        guard type(column) == SQLITE_BLOB else { throw mismatch(column, "bytes") }
        let start = unsafe sqlite3_column_blob(handle, index(column))
        let count = unsafe sqlite3_column_bytes(handle, index(column))
        return unsafe UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self),
            count: start == nil ? 0 : Int(count)
        )
    }

    private func type(_ column: Int) -> Int32 {
        unsafe sqlite3_column_type(handle, index(column))
    }

    // A number that does not fit is out of range, where SQLite answers NULL.
    private func index(_ column: Int) -> Int32 {
        Int32(clamping: column)
    }

    private func mismatch(_ column: Int, _ wanted: String) -> SQLiteError {
        SQLiteError(code: .mismatch, message: "column \(column) does not hold \(wanted)", statement: id)
    }
}
