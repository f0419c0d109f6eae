internal import API
internal import ArgumentParser
internal import Domain
internal import JSON
internal import Services

extension Users {
    /// `gatehouse users list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists users.",
            discussion: """
                The list is printed while it is read, however long it is. Filters and sort can be combined where an \
                index serves them: --role, --status, --created-after and --created-before with the order of creation; \
                --email-prefix alone; --name-prefix alone.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag
        @Option(help: "Only those with this role.") var role: Role?
        @Option(help: "Only those with this status.") var status: UserStatus?
        @Option(help: "Only accounts made later than this: 2026-11-27 or 2026-11-27T12:00:00Z.")
        var createdAfter: Timestamp?
        @Option(help: "Only accounts made earlier than this.") var createdBefore: Timestamp?
        @Option(help: "Only addresses that begin so, in any letter case.") var emailPrefix: String?
        @Option(help: "Only names that begin so, in any letter case.") var namePrefix: String?
        @Option(
            // A value that begins with - is no option here.
            parsing: .unconditional,
            help: "The order; - has the greatest first. Left out: the newest first, or by what a prefix is given for."
        )
        var sort: UserSort?
        @Option(help: "How many users at most.") var limit: Int?

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit must be 1 at least.") }
            _ = try list()
        }

        func run() throws {
            try Failure.reporting {
                let list = try list()
                let services = try CommandComposition(settings: Settings(directory: instance.directory)).services
                var shown = UserOutput.list(asJSON: output.json)
                var left = limit ?? Int.max
                try services.users.walkAll(list, by: Operator()) { users in
                    let part = Array(users.prefix(left))
                    try shown.show(part)
                    left -= part.count
                    return left > 0
                }
                try shown.finish()
            }
        }

        private func list() throws -> UserList {
            let criteria = UserCriteria(
                role: role,
                status: status,
                createdAfter: createdAfter,
                createdBefore: createdBefore,
                emailPrefix: emailPrefix.map(FoldedPrefix.init(_:)),
                namePrefix: namePrefix.map(FoldedPrefix.init(_:))
            )
            do {
                return try UserList(criteria, sortedBy: sort ?? naturalSort)
            } catch {
                throw ValidationError("No index serves these filters together in this order; see --help.")
            }
        }

        private var naturalSort: UserSort {
            if emailPrefix != nil { return UserSort(by: .email, descending: false) }
            if namePrefix != nil { return UserSort(by: .name, descending: false) }
            return .newestFirst
        }
    }
}

extension UserSort: ExpressibleByArgument {
    /// Reads the name that the API has for an order.
    public init?(argument: String) {
        guard let order = ResourceDocument.userSorts.first(where: { $0.name == argument }) else { return nil }
        self = order.sort
    }

    /// All of them, for the help.
    public static var allValueStrings: [String] { ResourceDocument.userSorts.map(\.name) }
}

extension Role: ExpressibleByArgument {}
extension UserStatus: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
    /// Reads a day in UTC, or an instant as RFC 3339 writes it.
    public init?(argument: String) {
        guard let microseconds = RFC3339.microseconds(argument) ?? RFC3339.microseconds("\(argument)T00:00:00Z") else {
            return nil
        }
        self.init(microseconds: microseconds)
    }
}
