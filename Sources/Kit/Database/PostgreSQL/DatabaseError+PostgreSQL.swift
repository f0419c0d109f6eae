internal import PostgreSQL

extension DatabaseError {
    /// Sorts an error of PostgreSQL by its code.
    init(_ error: PostgreSQLError) {
        let diagnosis = DatabaseDiagnosis(error)
        self =
            switch error.state {
            case .uniqueViolation: .constraint(.unique, name: error.constraint, diagnosis)
            case .foreignKeyViolation: .constraint(.foreignKey, name: error.constraint, diagnosis)
            case .checkViolation: .constraint(.check, name: error.constraint, diagnosis)
            case .notNullViolation: .constraint(.notNull, name: "\(error.table).\(error.column)", diagnosis)
            case .serializationFailure, .deadlock, .lockNotAvailable, .queryCanceled, .tooManyConnections:
                .unavailable(.busy, diagnosis)
            case .diskFull: .unavailable(.full, diagnosis)
            case .outOfMemory: .unavailable(.outOfMemory, diagnosis)
            case .inputOutput: .unavailable(.inputOutput, diagnosis)
            case .readOnlyTransaction: .unavailable(.readOnly, diagnosis)
            case .cannotConnect: .unavailable(.cannotOpen, diagnosis)
            case .dataCorrupted, .indexCorrupted: .corrupt(diagnosis)
            case .misuse, .protocolViolation, .failedTransaction: .misuse(diagnosis)
            default:
                if error.isConnectionLost {
                    .unavailable(.disconnected, diagnosis)
                } else if error.state.errorClass == "23" {
                    .constraint(.other, name: error.constraint, diagnosis)
                } else {
                    .other(diagnosis)
                }
            }
    }

    /// Whether a transaction on PostgreSQL that failed by this, and was not committed, may succeed at once if it is run
    /// again: another was in its way, its connection had been lost, or its statements were prepared for another schema.
    var isWorthAnotherTry: Bool {
        switch self {
        case .unavailable(.disconnected, _): true
        case .unavailable(.busy, let diagnosis): Self.conflicts.contains(diagnosis.code)
        case .other(let diagnosis): Self.stale.contains(diagnosis.code)
        default: false
        }
    }

    private static let conflicts = [SQLState.serializationFailure, .deadlock].map(\.rawValue)
    private static let stale = [SQLState.unknownStatement, .changedPlan].map(\.rawValue)
}

extension DatabaseDiagnosis {
    init(_ error: PostgreSQLError) {
        self.init(code: error.state.rawValue, message: error.message, statement: error.statement)
    }
}

extension PostgreSQLError {
    /// The same with another name for the statement.
    func named(_ statement: String) -> PostgreSQLError {
        var error = self
        error.statement = statement
        return error
    }

    /// Whether the statement was prepared for a schema that is not there any more.
    var isStale: Bool { state == .unknownStatement || state == .changedPlan }
}
