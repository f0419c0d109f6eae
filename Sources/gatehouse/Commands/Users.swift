internal import ArgumentParser
internal import Domain
internal import Services

/// `gatehouse users`: accounts, for whoever may open the database.
struct Users: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Works on accounts.", subcommands: [Create.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an account and prints its id.",
            discussion: "Exits with 3 where the address is taken, or a value breaks a rule with 1."
        )

        @OptionGroup var instance: InstanceOptions
        @Option(help: "The address to sign in with.") var email: String
        @Option(help: "What the user is called.") var name: String
        @Flag(help: "Makes an administrator.") var admin = false
        @Flag(help: "Reads the password, one line, from standard input.") var passwordStdin = false

        func run() throws {
            try Failure.reporting {
                let password = try passwordStdin ? field("password") { try Password(readLine() ?? "") } : nil
                let user = NewUser(
                    email: try field("email") { try EmailAddress(email) },
                    name: try field("name") { try PersonName(name) },
                    password: password,
                    role: admin ? .administrator : .member
                )
                let settings = try Settings(directory: instance.directory)
                do {
                    let users = try CommandComposition(settings: settings).users
                    print(try users.createAtCommandLine(user).id)
                } catch let refusal as DomainError {
                    throw Failure(refusal.code == .conflict ? .taken : .other, refusal.sentence)
                }
            }
        }

        private func field<Value>(_ name: String, _ make: () throws -> Value) throws -> Value {
            do {
                return try make()
            } catch let reason as InvalidValue {
                throw Failure("the \(name) \(reason.message)")
            }
        }
    }
}

extension DomainError {
    /// The sentence for an operator, who may know the reason too.
    fileprivate var sentence: String {
        guard details.isEmpty else { return details.map { "the \($0.field) \($0.message)" }.joined(separator: "; ") }
        return reason.map { "\(message) (\($0))" } ?? message
    }
}
