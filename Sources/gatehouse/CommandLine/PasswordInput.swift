internal import Domain
internal import Linux

/// A new password, as a command reads it: never from the command line, where every list of processes shows it.
enum PasswordInput {
    /// Asks twice at a terminal, without showing what is typed; else reads one line of standard input.
    static func read() throws -> Password {
        try checked(Terminal.isTerminal(.input) ? try ask() : readLine())
    }

    private static func checked(_ text: String?) throws -> Password {
        guard let text else { throw Failure("no password: standard input is empty") }
        do {
            return try Password(text)
        } catch {
            throw Failure("the password \(error.message)")
        }
    }

    private static func ask() throws -> String {
        let first = try Terminal.readSecretLine("New password: ")
        guard try Terminal.readSecretLine("The same again: ") == first else {
            throw Failure("the two passwords are not the same; nothing was changed")
        }
        return first
    }
}
