internal import ArgumentParser
internal import Configuration
internal import Database
internal import Domain
internal import Linux

/// Ends a command with one sentence and an exit code (docs/cli.md has the table of codes).
struct Failure: Error, CustomStringConvertible {
    /// What a script can tell apart.
    enum Kind: Int32 {
        /// Anything that is none of the others.
        case other = 1
        /// The value is taken, such as an address that another account has.
        case taken = 3
        /// Nothing runs that could be told.
        case notRunning = 4
        /// There is no such user, session or key.
        case notFound = 5
        /// The command line lacks something (EX_USAGE of sysexits.h, as the argument parser has it).
        case usage = 64
        /// It cannot be done now, but perhaps in a moment (EX_TEMPFAIL).
        case busy = 75
        /// The configuration is wrong (EX_CONFIG).
        case configuration = 78
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ description: String) {
        self.init(.other, description)
    }

    /// Says what an error of any part means for whoever gave the command.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let mistakes as ConfigurationMistakes: self.init(.configuration, "\(mistakes)")
        case let refusal as DomainError: self.init(refusal.kind, refusal.sentence)
        case DatabaseError.unavailable(.busy, let diagnosis): self.init(.busy, "the database is busy: \(diagnosis)")
        case DatabaseError.unavailable(let reason, let diagnosis) where reason.isAwayServer(diagnosis):
            self.init(.busy, "the server of the database is away: \(diagnosis)")
        default: self.init("\(error)")
        }
    }

    /// Runs a command's work, and turns every error into its sentence on standard error and its exit code.
    static func reporting(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = Failure(error)
            StandardError.writeLine("gatehouse: \(failure)")
            throw ExitCode(failure.kind.rawValue)
        }
    }
}

extension DatabaseUnavailability {
    /// Whether it is a server that is not there now; a file that cannot be opened has to be seen to by somebody.
    ///
    /// Class 08 of SQLSTATE is that of connections.
    fileprivate func isAwayServer(_ diagnosis: DatabaseDiagnosis) -> Bool {
        self == .disconnected || self == .cannotOpen && diagnosis.code.hasPrefix("08")
    }
}

extension DomainError {
    fileprivate var kind: Failure.Kind {
        switch code {
        case .notFound: .notFound
        case .conflict where self == .conflict("email"): .taken
        case .unavailable, .overloaded: .busy
        case .validation, .unauthenticated, .invalidCredentials, .sessionExpired, .accountDisabled, .forbidden,
            .conflict, .preconditionFailed, .nameReused, .inProgress:
            .other
        }
    }

    /// The sentence for an operator, who may know the reason too.
    fileprivate var sentence: String {
        guard code != .validation else {
            return details.map { "the \($0.field) \($0.message)" }.joined(separator: "; ")
        }
        return reason.map { "\(message) (\($0))" } ?? message
    }
}
