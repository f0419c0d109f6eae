internal import ArgumentParser
internal import Security

/// `gatehouse keys`: the secrets of the instance.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works on the secrets of the instance.",
        subcommands: [RotateInstance.self]
    )

    struct RotateInstance: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-instance",
            abstract: "Adds a secret that signs from the next reload on; the ones before are still read."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                let keys = try KeyFile(path: instance.directory.keysFile).rotate()
                let path = instance.directory.path
                print("\(keys.count) secrets; the new one signs after: gatehouse reload --data \(path)")
            }
        }
    }
}
