internal import ArgumentParser
internal import Domain
internal import Services

/// `gatehouse demo`: accounts to look at.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fills in accounts without passwords, to look at.")

    @OptionGroup var instance: InstanceOptions
    @Option(help: "How many accounts there are to be in all.") var users: Int = 142

    func run() throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let service = try CommandComposition(settings: settings).users
            var made = 0
            for number in 1...max(1, users) where try create(number, service) { made += 1 }
            print("made \(made) accounts")
        }
    }

    /// False where the account is there already, from an earlier run.
    private func create(_ number: Int, _ service: UserService) throws -> Bool {
        let first = Self.firstNames[number % Self.firstNames.count]
        let last = Self.lastNames[number / Self.firstNames.count % Self.lastNames.count]
        let user = NewUser(
            email: try EmailAddress("\(first).\(last).\(number)@example.com".lowercased()),
            name: try PersonName("\(first) \(last)")
        )
        do {
            _ = try service.createAtCommandLine(user)
            return true
        } catch let refusal as DomainError where refusal.code == .conflict {
            return false
        }
    }

    private static let firstNames = [
        "Ada", "Alan", "Barbara", "Dennis", "Edsger", "Frances", "Grace", "Hedy", "Jean", "Katherine", "Ken", "Leslie",
    ]
    private static let lastNames = [
        "Allen", "Bartik", "Dijkstra", "Hamilton", "Hopper", "Johnson", "Lamarr", "Lamport", "Liskov", "Lovelace",
        "Ritchie", "Turing",
    ]
}
