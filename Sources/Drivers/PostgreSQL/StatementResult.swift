internal import CPostgreSQL

/// What a statement has answered: its rows, or how many it changed.
///
/// All of it is in memory, and it is independent of the connection from then on. Rows and columns are numbered from 0.
/// A column must hold what is asked for, else ``SQLState/mismatch`` is thrown; also for NULL, and for a row or column that
/// is not there.
@safe public final class StatementResult {
    // Not handed out: all unsafe use is in this module.
    private let handle: OpaquePointer
    private let pq: cpostgresql_functions

    /// The id of the statement.
    public let statement: String

    /// How many rows there are.
    public let rowCount: Int

    /// How many columns each has.
    public let columnCount: Int

    /// Takes over a result that nobody else clears.
    @unsafe init(_ handle: OpaquePointer, _ pq: cpostgresql_functions, statement: String) {
        unsafe self.handle = handle
        self.pq = pq
        self.statement = statement
        // Sound: the handle is a result.
        rowCount = Int(unsafe pq.PQntuples(handle))
        columnCount = Int(unsafe pq.PQnfields(handle))
    }

    deinit {
        // Sound: the only place that does it, and nobody can refer to it now.
        unsafe pq.PQclear(handle)
    }

    /// How many rows the statement inserted, updated, deleted or returned.
    public var changes: Int {
        // Sound: a terminated string that lives as long as the result.
        unsafe pq.PQcmdTuples(handle).flatMap { unsafe Int(String(cString: $0)) } ?? 0
    }

    /// Whether a column is NULL, or there is no such row or column.
    public func isNull(_ row: Int, _ column: Int) -> Bool {
        guard isThere(row, column) else { return true }
        return unsafe pq.PQgetisnull(handle, Int32(row), Int32(column)) != 0
    }

    /// Reads an integer of any width, or a boolean as 1 or 0.
    public func int64(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Int64 {
        let (bytes, type) = unsafe try value(row, column)
        let count = bytes.count
        switch (type, count) {
        case (.int8, 8), (.int4, 4), (.int2, 2):
            var bits: UInt64 = 0
            for index in 0..<count { bits = unsafe bits << 8 | UInt64(bytes[index]) }
            let unused = 64 - 8 * UInt64(count)
            return Int64(bitPattern: bits << unused) >> Int64(unused)
        case (.bool, 1): return unsafe bytes[0] == 0 ? 0 : 1
        default: throw mismatch(column, "an integer")
        }
    }

    /// Reads a number: `double precision`, `real`, or an integer.
    public func double(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Double {
        let (bytes, type) = unsafe try value(row, column)
        switch (type, bytes.count) {
        case (.float8, 8): return Double(bitPattern: unsafe Self.bits(bytes))
        case (.float4, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: unsafe Self.bits(bytes))))
        case (.int8, _), (.int4, _), (.int2, _): return Double(try int64(row, column))
        default: throw mismatch(column, "a number")
        }
    }

    /// Reads text.
    public func string(_ row: Int, _ column: Int) throws(PostgreSQLError) -> String {
        // Sound: the bytes are copied before anything else is called.
        unsafe String(decoding: try text(row, column), as: UTF8.self)
    }

    /// Reads bytes.
    public func bytes(_ row: Int, _ column: Int) throws(PostgreSQLError) -> [UInt8] {
        // Sound: as above.
        unsafe Array(try blob(row, column))
    }

    /// Lends the bytes of a column that holds bytes, without a copy.
    ///
    /// - Throws: ``PostgreSQLError``, or what the closure throws.
    @inlinable public func withBytes<Value>(
        _ row: Int,
        _ column: Int,
        _ body: (Span<UInt8>) throws -> Value
    ) throws -> Value {
        // Sound: see `lend`.
        unsafe try lend(try blob(row, column), to: body)
    }

    /// Lends the UTF-8 of a column that holds text, without a copy.
    ///
    /// - Throws: As ``withBytes(_:_:_:)``.
    @inlinable public func withText<Value>(
        _ row: Int,
        _ column: Int,
        _ body: (Span<UInt8>) throws -> Value
    ) throws -> Value {
        // Sound: see `lend`.
        unsafe try lend(try text(row, column), to: body)
    }

    /// Sound: the memory belongs to the result, never changes and lives as long as this object, which is kept for the
    /// length of the closure; the span cannot leave it.
    @unsafe @inlinable func lend<Value>(
        _ bytes: UnsafeBufferPointer<UInt8>,
        to body: (Span<UInt8>) throws -> Value
    ) rethrows -> Value {
        try withExtendedLifetime(self) { try body(unsafe Span(_unsafeElements: bytes)) }
    }

    /// Points into the result, as everything below; good as long as this object is kept.
    @unsafe @usableFromInline func text(
        _ row: Int,
        _ column: Int
    ) throws(PostgreSQLError) -> UnsafeBufferPointer<UInt8> {
        let (bytes, type) = unsafe try value(row, column)
        guard [.text, .varchar, .name, .unknown].contains(type) else { throw mismatch(column, "text") }
        return unsafe bytes
    }

    @unsafe @usableFromInline func blob(
        _ row: Int,
        _ column: Int
    ) throws(PostgreSQLError) -> UnsafeBufferPointer<UInt8> {
        let (bytes, type) = unsafe try value(row, column)
        guard type == .bytea else { throw mismatch(column, "bytes") }
        return unsafe bytes
    }

    private func value(
        _ row: Int,
        _ column: Int
    ) throws(PostgreSQLError) -> (bytes: UnsafeBufferPointer<UInt8>, type: TypeNumber) {
        guard !isNull(row, column), let start = unsafe pq.PQgetvalue(handle, Int32(row), Int32(column)) else {
            throw mismatch(column, "a value")
        }
        // Sound: so many bytes stand there, followed by a zero; libpq gives them as char.
        let count = Int(unsafe pq.PQgetlength(handle, Int32(row), Int32(column)))
        let bytes = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        let type = TypeNumber(rawValue: unsafe pq.PQftype(handle, Int32(column)))
        return unsafe (UnsafeBufferPointer(start: bytes, count: count), type)
    }

    private func isThere(_ row: Int, _ column: Int) -> Bool {
        (0..<rowCount).contains(row) && (0..<columnCount).contains(column)
    }

    private func mismatch(_ column: Int, _ wanted: String) -> PostgreSQLError {
        PostgreSQLError(.mismatch, "column \(column) does not hold \(wanted)", statement: statement)
    }

    /// The bytes as one big-endian number.
    @unsafe private static func bits(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        unsafe bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The number of a type in the server's catalogue; those of built-in types never change (catalog/pg_type.dat).
private struct TypeNumber: RawRepresentable, Equatable {
    let rawValue: UInt32

    static let bool = TypeNumber(rawValue: 16)
    static let bytea = TypeNumber(rawValue: 17)
    static let name = TypeNumber(rawValue: 19)
    static let int8 = TypeNumber(rawValue: 20)
    static let int2 = TypeNumber(rawValue: 21)
    static let int4 = TypeNumber(rawValue: 23)
    static let text = TypeNumber(rawValue: 25)
    static let float4 = TypeNumber(rawValue: 700)
    static let float8 = TypeNumber(rawValue: 701)
    static let unknown = TypeNumber(rawValue: 705)
    static let varchar = TypeNumber(rawValue: 1043)
}
