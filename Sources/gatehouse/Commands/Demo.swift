internal import ArgumentParser
internal import Console
internal import Database
internal import Domain
internal import Services

/// `gatehouse demo`: accounts to look at.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Fills in accounts without passwords, to look at.",
        discussion: "Those that an earlier run has made stay as they are."
    )

    /// So many in one transaction: it syncs the disk once, and keeps the write lock for some 20 ms.
    private static let batchSize = 1000

    @OptionGroup var instance: InstanceOptions
    @Option(help: "How many accounts there are to be in all.") var users: Int = 142

    func validate() throws {
        guard users > 0 else { throw ValidationError("--users must be 1 at least.") }
    }

    func run() throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let composition = try CommandComposition(settings: settings)
            let service = composition.services.users
            // Where no pool runs nobody else keeps the log of the database short.
            let file = settings.database(writingWith: composition.shared).file
            let checkpointer = try file.map { try Checkpointer($0) }
            var progress = ProgressBar("accounts", total: users)
            defer { progress.finish() }
            var made = 0
            for first in stride(from: 1, through: users, by: Self.batchSize) {
                let batch = try (first...min(first + Self.batchSize - 1, users)).map(Self.user)
                made += try service.createMissing(batch, by: Operator()).count
                try checkpointer?.checkpointIfNeeded(logBytesOver: settings.checkpointBytes)
                progress.show(first + batch.count - 1)
            }
            progress.finish()
            try Output.line("made \(made) accounts")
        }
    }

    private static func user(_ number: Int) throws -> NewUser {
        let first = firstNames[number % firstNames.count]
        let last = lastNames[number / firstNames.count % lastNames.count]
        return NewUser(
            email: try EmailAddress("\(first).\(last).\(number)@example.com".lowercased()),
            name: try PersonName("\(first) \(last)")
        )
    }

    private static let firstNames = [
        "Ada", "Alan", "Barbara", "Dennis", "Edsger", "Frances", "Grace", "Hedy", "Jean", "Katherine", "Ken", "Leslie",
    ]
    private static let lastNames = [
        "Allen", "Bartik", "Dijkstra", "Hamilton", "Hopper", "Johnson", "Lamarr", "Lamport", "Liskov", "Lovelace",
        "Ritchie", "Turing",
    ]
}
