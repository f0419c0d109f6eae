internal import ArgumentParser
internal import Configuration
internal import JSON
internal import Linux

/// `gatehouse config`: the configuration file.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Checks the configuration, shows it, or prints it with all defaults.",
        subcommands: [Check.self, Show.self, Default.self, Resolve.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Tells all mistakes at once, with key and line; exits with 78 where there are any."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Failure.reporting {
                do {
                    _ = try Settings(directory: instance.directory)
                    try output.json ? Output.line("[]") : Output.line("the configuration is good")
                } catch let mistakes as ConfigurationMistakes where output.json {
                    try Output.document { $0.write(mistakes.mistakes.map(MistakeDocument.init(mistake:))) }
                    throw ExitCode(Failure.Kind.configuration.rawValue)
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Shows the effective values and where each came from; secrets are hidden."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Failure.reporting {
                let listing = try Settings(directory: instance.directory).listing()
                guard !output.json else {
                    return try Output.document { $0.write(listing.map(SettingDocument.init(setting:))) }
                }
                try Output.lines(listing.map { "\($0.name): \($0.value)  # \($0.origin)" })
            }
        }
    }

    struct Default: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "default",
            abstract: "Prints a configuration file with every key, its unit, its default and the reason for it."
        )

        func run() {
            print(SettingKeys.table.commentedFile(), terminator: "")
        }
    }

    /// What the supervisor runs to check a configuration and to get it in one piece.
    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "resolve", shouldDisplay: false)

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var flags: SettingFlags

        func run() throws {
            try Failure.reporting {
                let settings = try Settings(directory: instance.directory, flags: flags.settings)
                let keys = try KeyFile(path: instance.directory.keysFile).read()
                try FileDescriptor(owning: 1).writeAll(try settings.json(keys: keys))
            }
        }
    }
}

/// A setting for programs.
private struct SettingDocument: JSONWritable {
    let setting: ConfigurationSetting

    func write(to writer: inout JSONWriter) {
        writer.object { document in
            document.member("name", setting.name)
            document.member("value", setting.value)
            document.member("origin", "\(setting.origin)")
        }
    }
}

/// A mistake in the configuration for programs.
private struct MistakeDocument: JSONWritable {
    let mistake: ConfigurationMistake

    func write(to writer: inout JSONWriter) {
        writer.object { document in
            document.member("key", mistake.key)
            document.member("origin", "\(mistake.origin)")
            document.member("message", mistake.sentence)
        }
    }
}
