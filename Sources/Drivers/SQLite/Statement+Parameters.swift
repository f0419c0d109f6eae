internal import CSQLite

// Parameters are numbered from 1, as `?1` in SQL.
//
// Text and bytes are copied into memory of SQLite's that the statement keeps
// for its next run, so a copy costs no allocation. Binding without a copy would
// leave a pointer in the statement that outlives the value it points to.
extension Statement {
    /// Binds an integer.
    public func bind(_ value: Int64, at parameter: Int) throws(SQLiteError) {
        checkNoViews()
        try check(unsafe sqlite3_bind_int64(handle, index(parameter), value))
    }

    /// Binds a floating-point number; NaN becomes NULL.
    public func bind(_ value: Double, at parameter: Int) throws(SQLiteError) {
        checkNoViews()
        try check(unsafe sqlite3_bind_double(handle, index(parameter), value))
    }

    /// Binds text as UTF-8; U+0000 in it is kept.
    public func bind(_ value: String, at parameter: Int) throws(SQLiteError) {
        checkNoViews()
        var text = value
        // Sound: SQLite copies the bytes before the call returns.
        let code = text.withUTF8 { bytes in
            unsafe csqlite_bind_text(handle, index(parameter), bytes.baseAddress, UInt64(bytes.count))
        }
        try check(code)
    }

    /// Binds bytes.
    public func bind(_ value: [UInt8], at parameter: Int) throws(SQLiteError) {
        checkNoViews()
        // Sound: SQLite copies the bytes before the call returns.
        let code = unsafe value.withUnsafeBufferPointer { bytes in
            unsafe csqlite_bind_blob(handle, index(parameter), bytes.baseAddress, UInt64(bytes.count))
        }
        try check(code)
    }

    /// Binds NULL.
    public func bindNull(at parameter: Int) throws(SQLiteError) {
        checkNoViews()
        try check(unsafe sqlite3_bind_null(handle, index(parameter)))
    }

    /// Binds NULL everywhere and gives the memory of the values back.
    public func clearBindings() {
        checkNoViews()
        unsafe sqlite3_clear_bindings(handle)
    }

    // A number that does not fit is out of SQLite's range, and refused there.
    private func index(_ parameter: Int) -> Int32 {
        Int32(clamping: parameter)
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }
}
