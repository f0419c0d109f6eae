public import SQLite

extension DatabaseError {
    /// Sorts an error of SQLite by its result code.
    ///
    /// The code alone decides the kind. Only the name of a constraint is taken
    /// from the message, because SQLite tells it nowhere else. Relied on is the
    /// form in which SQLite composes it (OP_Halt in vdbe.c, 3.40.1, unchanged
    /// since 3.7.17): the kind, then the first colon of the message, one space,
    /// and the identifiers up to the end. The words before the colon are not
    /// looked at, and identifiers may contain anything.
    @usableFromInline init(_ error: SQLiteError) {
        let diagnosis = DatabaseDiagnosis(
            code: String(error.code.rawValue),
            message: error.message,
            statement: error.statement
        )
        self =
            switch error.code.primary {
            case .constraint: Self.constraint(error, diagnosis)
            case .busy, .locked, .protocolFailure: .unavailable(.busy, diagnosis)
            case .full: .unavailable(.full, diagnosis)
            case .inputOutput: .unavailable(.inputOutput, diagnosis)
            case .cannotOpen: .unavailable(.cannotOpen, diagnosis)
            case .readOnly: .unavailable(.readOnly, diagnosis)
            case .outOfMemory: .unavailable(.outOfMemory, diagnosis)
            case .interrupted: .interrupted(diagnosis)
            case .corrupt, .notADatabase: .corrupt(diagnosis)
            case .misuse, .range: .misuse(diagnosis)
            default: .other(diagnosis)
            }
    }

    private static func constraint(_ error: SQLiteError, _ diagnosis: DatabaseDiagnosis) -> DatabaseError {
        let named = identifiers(in: error.message)
        return switch error.code {
        case .constraintUnique: .constraint(.unique, name: indexName(named) ?? named, diagnosis)
        case .constraintPrimaryKey, .constraintRowID: .constraint(.primaryKey, name: named, diagnosis)
        case .constraintNotNull: .constraint(.notNull, name: named, diagnosis)
        case .constraintCheck: .constraint(.check, name: named, diagnosis)
        case .constraintForeignKey: .constraint(.foreignKey, name: "", diagnosis)
        case .constraintDataType: .constraint(.dataType, name: "", diagnosis)
        case .constraintTrigger: .constraint(.trigger, name: error.message, diagnosis)
        default: .constraint(.other, name: "", diagnosis)
        }
    }

    private static func identifiers(in message: String) -> String {
        guard let colon = message.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
        return String(message.utf8[colon...].dropFirst(2)) ?? ""
    }

    /// The name of an index on an expression, which SQLite gives as `index 'name'`.
    ///
    /// A list of columns has no quotation mark at its end but for a column whose
    /// name ends in one.
    private static func indexName(_ identifiers: String) -> String? {
        let opening = "index '"
        guard identifiers.hasPrefix(opening), identifiers.hasSuffix("'") else { return nil }
        return String(identifiers.dropFirst(opening.count).dropLast())
    }
}

extension Statement {
    /// Binds a value at a parameter numbered from 1.
    @inlinable func bind(_ value: DatabaseValue, at parameter: Int) throws {
        do throws(SQLiteError) {
            switch value {
            case .null: try bindNull(at: parameter)
            case .integer(let integer): try bind(integer, at: parameter)
            case .real(let number): try bind(number, at: parameter)
            case .text(let text): try bind(text, at: parameter)
            case .bytes(let bytes): try bind(bytes, at: parameter)
            }
        } catch {
            throw DatabaseError(error)
        }
    }

    /// Runs to the next row.
    @inlinable func next() throws -> Bool {
        do throws(SQLiteError) { return try step() } catch { throw DatabaseError(error) }
    }
}
