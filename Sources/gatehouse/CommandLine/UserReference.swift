internal import ArgumentParser
internal import Domain
internal import Services

/// A user as the command line names one: by id, or by address in any letter case.
enum UserReference: ExpressibleByArgument {
    case id(UserID)
    case email(EmailAddress)

    init?(argument: String) {
        if let id = UserID(argument) {
            self = .id(id)
        } else if let email = try? EmailAddress(argument) {
            self = .email(email)
        } else {
            return nil
        }
    }

    /// - Throws: ``Failure`` that names the user where there is none.
    func find(in users: UserService) throws -> User {
        do {
            switch self {
            case .id(let id): return try users.read(id, by: Operator())
            case .email(let email): return try users.find(email, by: Operator())
            }
        } catch let refusal as DomainError where refusal.code == .notFound {
            throw Failure(.notFound, "there is no user \(text)")
        }
    }

    private var text: String {
        switch self {
        case .id(let id): id.description
        case .email(let email): email.text
        }
    }
}

/// The user that a command is about.
struct UserArgument: ParsableArguments {
    @Argument(help: "The user, by id or by e-mail address.")
    var user: UserReference
}

/// Whether a command prints for programs.
struct JSONFlag: ParsableArguments {
    @Flag(help: "Prints one JSON document, for programs.")
    var json = false
}
