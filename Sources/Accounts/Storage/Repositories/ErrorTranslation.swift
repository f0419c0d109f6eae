internal import Database
internal import Domain

extension DatabaseError {
    /// What the domain calls this error, or nil where it is a fault.
    var refusal: DomainError? {
        switch self {
        case .unavailable, .interrupted: .unavailable(description)
        // By the columns of the index, as SQLite's driver derives them from the extended result code, or by its name.
        case .constraint(.unique, name: "users.email_folded", _), .constraint(.unique, name: "users_email_folded", _):
            .conflict("email")
        case .constraint, .outcomeUnknown, .corrupt, .misuse, .other: nil
        }
    }
}

/// Runs work on the database, with the domain's own errors in place of the database's where it has them.
func translatingErrors<Value>(_ work: () throws -> Value) throws -> Value {
    do {
        return try work()
    } catch let error as DatabaseError {
        throw error.refusal ?? error
    }
}
