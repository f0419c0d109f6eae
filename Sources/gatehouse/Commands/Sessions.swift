internal import API
internal import ArgumentParser
internal import Domain
internal import Services

/// `gatehouse sessions`: who is signed in.
struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Shows and ends the sessions of a user.",
        subcommands: [List.self, End.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the sessions of a user that have not ended, the newest first."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try onUser(argument, instance) { user, services in
                var list = ListOutput<Session>(
                    asJSON: output.json,
                    head: ["ID", "CREATED", "LAST SEEN", "EXPIRES", "ADDRESS", "USER AGENT"],
                    row: { session in
                        [
                            session.id.description, session.createdAt.shown, session.lastSeenAt.shown,
                            session.expiresAt.shown, session.origin.address, session.origin.userAgent,
                        ]
                    },
                    write: ResourceDocument.write(_:to:)
                )
                try list.show(try services.sessions.list(of: user.id, by: Operator()))
                try list.finish()
            }
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end",
            abstract: "Ends one session of a user, or all.",
            discussion: "Exits with 5 where the user has no such session."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @Argument(help: "The id of the session.") var session: SessionID?
        @Flag(help: "Ends all sessions of the user.") var all = false
        @OptionGroup var confirmation: Confirmation

        func validate() throws {
            guard (session != nil) != all else { throw ValidationError("Name a session, or all of them by --all.") }
        }

        func run() throws {
            try onUser(argument, instance) { user, services in
                guard let session else {
                    try confirmation.require("End all sessions of \(user.shown)?")
                    try services.sessions.endAll(of: user.id, by: Operator())
                    return try UserOutput.tell(user, "has no sessions", asJSON: false)
                }
                try confirmation.require("End session \(session) of \(user.shown)?")
                try naming("session \(session)", of: user) {
                    try services.sessions.end(session, of: user.id, by: Operator())
                }
                try Output.line("session \(session) has ended")
            }
        }
    }
}

extension Identifier: ExpressibleByArgument {
    /// Reads the text form of an id.
    public init?(argument: String) {
        self.init(argument)
    }
}

/// Says what a user has not.
func naming(_ what: String, of user: User, _ work: () throws -> Void) throws {
    do {
        try work()
    } catch let refusal as DomainError where refusal.code == .notFound {
        throw Failure(.notFound, "\(user.shown) has no \(what)")
    }
}
