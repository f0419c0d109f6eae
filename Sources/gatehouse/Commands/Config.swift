internal import ArgumentParser
internal import Configuration
internal import Linux

/// `gatehouse config`: the configuration file.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the configuration, shows it, or prints it with all defaults.",
        subcommands: [Check.self, Show.self, Default.self, Resolve.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tells all mistakes at once, with key and line; exits with 78 where there are any."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                _ = try Settings(directory: instance.directory)
                print("the configuration is good")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the effective values and where each came from; secrets are hidden."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                for line in try Settings(directory: instance.directory).listing() {
                    print("\(line.name): \(line.value)  # \(line.origin)")
                }
            }
        }
    }

    struct Default: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a configuration file with every key, its unit, its default and the reason for it."
        )

        func run() {
            print(SettingKeys.table.commentedFile(), terminator: "")
        }
    }

    /// What the supervisor runs to check a configuration and to get it in one piece.
    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(shouldDisplay: false)

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
