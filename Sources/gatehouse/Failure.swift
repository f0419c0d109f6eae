internal import ArgumentParser
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
        /// The configuration is wrong (EX_CONFIG of sysexits.h).
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

    /// Runs a command's work, and turns every error into its sentence on standard error and its exit code.
    static func reporting(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            StandardError.writeLine("gatehouse: \(error)")
            throw ExitCode((error as? Failure)?.kind.rawValue ?? Kind.other.rawValue)
        }
    }
}
