internal import ArgumentParser
internal import Domain
internal import Services

/// `gatehouse users`: accounts, for whoever may open the database.
struct Users: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Works on accounts.",
        discussion: """
            A user is named by id or by e-mail address. The pool may serve meanwhile or not: what is changed counts from \
            the next request on.
            """,
        subcommands: [
            Create.self, List.self, Show.self, SetPassword.self, Enable.self, Disable.self, Promote.self, Demote.self,
            Delete.self,
        ]
    )

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes an account and prints its id.",
            discussion: """
                Without --password-stdin nobody can sign in to the account until a password is set. Exits with 3 where \
                the address is taken, and with 1 where a value breaks a rule.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag
        @Option(help: "The address to sign in with.") var email: String
        @Option(help: "What the user is called.") var name: String
        @Flag(help: "Makes an administrator.") var admin = false
        @Flag(help: "Reads the password, one line, from standard input; asks for it at a terminal.")
        var passwordStdin = false

        func run() throws {
            try Failure.reporting {
                let email = try field("email") { try EmailAddress(self.email) }
                let name = try field("name") { try PersonName(self.name) }
                let services = try CommandComposition(settings: Settings(directory: instance.directory)).services
                let password = passwordStdin ? try PasswordInput.read() : nil
                let user = try services.users.create(
                    NewUser(email: email, name: name, password: password, role: admin ? .administrator : .member),
                    by: Operator()
                )
                guard !output.json else { return try UserOutput.show(user, asJSON: true) }
                try Output.line(user.id.description)
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

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one user.")

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try onUser(argument, instance) { user, _ in try UserOutput.show(user, asJSON: output.json) }
        }
    }

    struct SetPassword: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password",
            abstract: "Sets a user's password and ends all sessions of the user.",
            discussion: """
                At a terminal it asks twice and shows nothing; else the password is one line of standard input. API keys \
                stay.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag
        // As "users create" has it, where it decides whether there is a password; scripts need not know the difference.
        @Flag(help: "Reads the password as it does anyway: one line from standard input, or asking at a terminal.")
        var passwordStdin = false

        func run() throws {
            try onUser(argument, instance) { user, services in
                let changes = UserChanges(password: try PasswordInput.read())
                let changed = try services.users.update(user.id, with: changes, by: Operator())
                try UserOutput.tell(changed, "has a new password and no sessions", asJSON: output.json)
            }
        }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "enable", abstract: "Lets a user sign in again.")

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Users.change(argument, instance, output, UserChanges(status: .active), "may sign in")
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Keeps a user from signing in, and ends all sessions and API keys of the user.",
            discussion: "API keys do not come back when the user is enabled again."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var confirmation: Confirmation
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Users.change(
                argument,
                instance,
                output,
                UserChanges(status: .disabled),
                "may not sign in; all sessions and API keys have ended"
            ) { user in
                guard user.status == .active else { return }
                try confirmation.require("Disable \(user.shown) and end all sessions and API keys?")
            }
        }
    }

    struct Promote: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "promote",
            abstract: "Makes a user an administrator."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Users.change(argument, instance, output, UserChanges(role: .administrator), "is an administrator")
        }
    }

    struct Demote: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "demote",
            abstract: "Makes an administrator a member.",
            discussion: "The last active administrator stays one."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Users.change(argument, instance, output, UserChanges(role: .member), "is a member")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Deletes a user with all sessions and API keys.",
            discussion: "The last active administrator stays."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var confirmation: Confirmation

        func run() throws {
            try onUser(argument, instance) { user, services in
                try confirmation.require("Delete \(user.shown) with all sessions and API keys?")
                try services.users.delete(user.id, by: Operator())
                try UserOutput.tell(user, "is deleted", asJSON: false)
            }
        }
    }

    /// Sets members of a user, and tells what is the case then.
    private static func change(
        _ argument: UserArgument,
        _ instance: InstanceOptions,
        _ output: JSONFlag,
        _ changes: UserChanges,
        _ result: String,
        confirm: (User) throws -> Void = { _ in }
    ) throws {
        try onUser(argument, instance) { user, services in
            try confirm(user)
            let changed = try services.users.update(user.id, with: changes, by: Operator())
            try UserOutput.tell(changed, result, asJSON: output.json)
        }
    }
}

/// Finds the user that a command is about, and works on it.
func onUser(
    _ argument: UserArgument,
    _ instance: InstanceOptions,
    _ work: (User, AccountServices) throws -> Void
) throws {
    try Failure.reporting {
        let services = try CommandComposition(settings: Settings(directory: instance.directory)).services
        try work(try argument.user.find(in: services.users), services)
    }
}
