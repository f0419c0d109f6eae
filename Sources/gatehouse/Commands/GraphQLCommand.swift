internal import API
internal import ArgumentParser

/// `gatehouse graphql`: the schema of `/graphql`.
struct GraphQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graphql",
        abstract: "Shows the schema of the GraphQL interface.",
        subcommands: [PrintSchema.self]
    )

    struct PrintSchema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema",
            abstract: "Prints the schema in the schema definition language; needs no instance."
        )

        func run() throws {
            try Failure.reporting { print(try AccountsSchema.sdl(), terminator: "") }
        }
    }
}
