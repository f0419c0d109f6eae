internal import API
internal import ArgumentParser
internal import Domain
internal import Security
internal import Services

/// `gatehouse keys`: API keys of users, and the secrets of the instance.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Works on the API keys of users and on the secrets of the instance.",
        subcommands: [List.self, End.self, RotateInstance.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the API keys of a user, expired ones too, the newest first.",
            discussion: "The keys themselves are shown nowhere: only their digests are stored."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @OptionGroup var output: JSONFlag

        func run() throws {
            try onUser(argument, instance) { user, services in
                var list = ListOutput<APIKey>(
                    asJSON: output.json,
                    head: ["ID", "ACCESS", "CREATED", "LAST USED", "EXPIRES", "NAME"],
                    row: { key in
                        [
                            key.id.description, key.access.rawValue, key.createdAt.shown,
                            key.lastUsedAt?.shown ?? "never",
                            key.expiresAt?.shown ?? "never", key.name.text,
                        ]
                    },
                    write: ResourceDocument.write(_:to:)
                )
                try list.show(try services.keys.list(of: user.id, by: Operator()))
                try list.finish()
            }
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "end",
            abstract: "Ends one API key of a user, or all.",
            discussion: "An ended key does not come back. Exits with 5 where the user has no such key."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var argument: UserArgument
        @Argument(help: "The id of the key.") var key: APIKeyID?
        @Flag(help: "Ends all API keys of the user.") var all = false
        @OptionGroup var confirmation: Confirmation

        func validate() throws {
            guard (key != nil) != all else { throw ValidationError("Name a key, or all of them by --all.") }
        }

        func run() throws {
            try onUser(argument, instance) { user, services in
                guard let key else {
                    try confirmation.require("End all API keys of \(user.shown)?")
                    try services.keys.endAll(of: user.id, by: Operator())
                    return try UserOutput.tell(user, "has no API keys", asJSON: false)
                }
                try confirmation.require("End API key \(key) of \(user.shown)?")
                try naming("API key \(key)", of: user) {
                    try services.keys.end(key, of: user.id, by: Operator())
                }
                try Output.line("API key \(key) has ended")
            }
        }
    }

    struct RotateInstance: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-instance",
            abstract: "Adds a secret that signs from the next reload on; the ones before are still read."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                try instance.directory.checkAccess()
                let keys = try KeyFile(path: instance.directory.keysFile).rotate()
                let command = "gatehouse reload \(instance.directory.options)"
                try Output.line("\(keys.count) secrets; the new one signs after: \(command)")
            }
        }
    }
}
