public import PostgreSQL
public import SQLite

/// The row that a statement stands on, lent to a closure.
///
/// Columns are numbered from 0 in the order of the SELECT or RETURNING list. A
/// column must hold what is asked for: every getter throws
/// ``DatabaseError/other(_:)`` for another type, for NULL unless it says
/// optional, and for a column that is not there.
public struct Row: ~Copyable {
    // One of the two.
    @usableFromInline let statement: SQLite.Statement?
    @usableFromInline let answer: StatementResult?
    @usableFromInline let number: Int

    @inlinable init(_ statement: SQLite.Statement) {
        self.statement = statement
        answer = nil
        number = 0
    }

    // Not inlinable: the optimiser of Swift 6.3.1 aborts on the ownership of it in another module.
    @usableFromInline init(_ answer: StatementResult, _ number: Int) {
        statement = nil
        self.answer = answer
        self.number = number
    }

    /// Whether a column is NULL.
    @inlinable public func isNull(_ column: Int) -> Bool {
        if let statement { return statement.isNull(at: column) }
        return answer?.isNull(number, column) ?? true
    }

    /// Reads an integer.
    @inlinable public func int64(_ column: Int) throws -> Int64 {
        guard let statement else { return try fromPostgreSQL { answer, row in try answer.int64(row, column) } }
        do throws(SQLiteError) { return try statement.int64(at: column) } catch { throw DatabaseError(error) }
    }

    /// Reads an integer.
    @inlinable public func int(_ column: Int) throws -> Int {
        Int(try int64(column))
    }

    /// Reads an integer that is 0 for false, anything else for true.
    @inlinable public func bool(_ column: Int) throws -> Bool {
        try int64(column) != 0
    }

    /// Reads a number.
    @inlinable public func double(_ column: Int) throws -> Double {
        guard let statement else { return try fromPostgreSQL { answer, row in try answer.double(row, column) } }
        do throws(SQLiteError) { return try statement.double(at: column) } catch { throw DatabaseError(error) }
    }

    /// Reads text.
    @inlinable public func string(_ column: Int) throws -> String {
        guard let statement else { return try fromPostgreSQL { answer, row in try answer.string(row, column) } }
        do throws(SQLiteError) { return try statement.string(at: column) } catch { throw DatabaseError(error) }
    }

    /// Reads bytes.
    @inlinable public func bytes(_ column: Int) throws -> [UInt8] {
        guard let statement else { return try fromPostgreSQL { answer, row in try answer.bytes(row, column) } }
        do throws(SQLiteError) { return try statement.bytes(at: column) } catch { throw DatabaseError(error) }
    }

    /// Reads an integer, or nil for NULL.
    @inlinable public func optionalInt64(_ column: Int) throws -> Int64? {
        isNull(column) ? nil : try int64(column)
    }

    /// Reads an integer, or nil for NULL.
    @inlinable public func optionalInt(_ column: Int) throws -> Int? {
        isNull(column) ? nil : try int(column)
    }

    /// Reads a number, or nil for NULL.
    @inlinable public func optionalDouble(_ column: Int) throws -> Double? {
        isNull(column) ? nil : try double(column)
    }

    /// Reads text, or nil for NULL.
    @inlinable public func optionalString(_ column: Int) throws -> String? {
        isNull(column) ? nil : try string(column)
    }

    /// Reads bytes, or nil for NULL.
    @inlinable public func optionalBytes(_ column: Int) throws -> [UInt8]? {
        isNull(column) ? nil : try bytes(column)
    }

    /// Lends the bytes of a column without a copy.
    @inlinable public func withBytes<Result>(
        _ column: Int,
        _ body: (Span<UInt8>) throws -> Result
    ) throws -> Result {
        guard let statement else {
            return try fromPostgreSQL { answer, row in try answer.withBytes(row, column, body) }
        }
        do { return try statement.withBytes(at: column, body) } catch let error as SQLiteError {
            throw DatabaseError(error)
        }
    }

    /// Lends the UTF-8 of a text column without a copy.
    @inlinable public func withText<Result>(
        _ column: Int,
        _ body: (Span<UInt8>) throws -> Result
    ) throws -> Result {
        guard let statement else { return try fromPostgreSQL { answer, row in try answer.withText(row, column, body) } }
        do { return try statement.withText(at: column, body) } catch let error as SQLiteError {
            throw DatabaseError(error)
        }
    }

    /// Reads from an answer of PostgreSQL.
    @usableFromInline func fromPostgreSQL<Result>(_ read: (StatementResult, Int) throws -> Result) throws -> Result {
        guard let answer else { throw DatabaseError.misuse("there is no row", statement: "") }
        do { return try read(answer, number) } catch let error as PostgreSQLError { throw DatabaseError(error) }
    }
}
