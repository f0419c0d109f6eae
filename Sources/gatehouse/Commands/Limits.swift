internal import API
internal import ArgumentParser
internal import Domain
internal import JSON
internal import Linux
internal import RateLimiting

/// `gatehouse limits`: who is limited at this moment.
struct Limits: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Shows and clears what is counted under the limits of requests.",
        subcommands: [List.self, Clear.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists what is counted, the fullest first.",
            discussion: """
                A table of hashes: addresses and users are shown, accounts that somebody tries to sign in to are not, \
                unless one is named by --account. At 100 % the limit refuses.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var whose: LimitFilter
        @Flag(help: "Shows only what is refused.") var refused = false
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Failure.reporting {
                let table = try LimitsTable(instance.directory)
                var entries: [LimitEntry] = []
                table.limiter.forEach { entry in
                    guard !refused || entry.share == 100, table.isMeant(entry, by: whose) else { return }
                    entries.append(entry)
                }
                entries.sort { ($0.share, $0.secondsLeft) > ($1.share, $1.secondsLeft) }
                var list = ListOutput<LimitEntry>(
                    asJSON: output.json,
                    head: ["LIMIT", "KEY", "USED", "COUNTS FOR"],
                    row: { [table.name(of: $0), table.key(of: $0), "\($0.share) %", "\($0.secondsLeft) s"] },
                    write: { entry, writer in
                        writer.object { members in
                            members.member("limit", table.name(of: entry))
                            members.member("key", table.key(of: entry))
                            members.member("used_percent", entry.share)
                            members.member("seconds_left", entry.secondsLeft)
                        }
                    }
                )
                try list.show(entries)
                try list.finish()
                table.tellMishaps()
            }
        }
    }

    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Forgets what is counted for an address, a user or an account, or all of it.",
            discussion: "Takes effect at once, in all workers. That nothing was counted is no error."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var whose: LimitFilter
        @Flag(help: "Forgets everything that is counted.") var all = false

        func validate() throws {
            guard whose.isEmpty == all else {
                throw ValidationError("Name an address, a user or an account, or all by --all.")
            }
        }

        func run() throws {
            try Failure.reporting {
                let table = try LimitsTable(instance.directory)
                let count = table.limiter.clear { table.isMeant($0, by: whose) }
                try Output.line(count == 1 ? "1 entry is forgotten" : "\(count) entries are forgotten")
            }
        }
    }
}

/// Whose entries a command is about; none given means all.
struct LimitFilter: ParsableArguments {
    @Option(help: "Only of this address, or of the IPv6 network /64 that it is in.")
    var address: String?

    @Option(help: "Only of this user, by id.")
    var user: UserID?

    @Option(help: "Only tries to sign in to the account with this e-mail address, which need not exist.")
    var account: String?

    var isEmpty: Bool { address == nil && user == nil && account == nil }

    func validate() throws {
        if let address, ClientNetwork(address) == nil { throw ValidationError("\(address) is no IP address.") }
    }
}

/// The table of limits of an instance, as people see it.
struct LimitsTable {
    let limiter: SharedRateLimiter
    private let policies: LimitPolicies

    init(_ directory: DataDirectory) throws {
        limiter = try SharedState(ofPoolIn: directory).makeLimiter()
        policies = try Settings(directory: directory).limitPolicies
    }

    /// Tells what went wrong in the table since it was made, beside the list.
    func tellMishaps() {
        let mishaps = limiter.mishaps
        let uncounted = mishaps.lockTimeouts + mishaps.crowded
        if uncounted > 0 {
            StandardError.writeLine(
                "\(uncounted) requests could not be counted: \(mishaps.lockTimeouts) waited in vain for a lock, "
                    + "\(mishaps.crowded) found the table full of others that are refused"
            )
        }
        if mishaps.displaced > 0 {
            StandardError.writeLine(
                "\(mishaps.displaced) entries were forgotten before their time, to make room for others"
            )
        }
    }

    /// The name of the policy that an entry was counted under, which may be one of another version of the program.
    func name(of entry: LimitEntry) -> String {
        policy(of: entry)?.name ?? "policy \(entry.policy)"
    }

    /// By what an entry is recognised.
    func key(of entry: LimitEntry) -> String {
        switch policy(of: entry) {
        case let policy? where policies.ofUsers.contains(policy):
            return UUID(high: entry.label.high, low: entry.label.low).description
        case policies.signInAccount, policies.mail:
            return "account \(digits(of: entry))"
        case let policy? where policies.ofAttempts.contains(policy):
            return "\(ClientNetwork(entry.label)) at account \(digits(of: entry))"
        default: return ClientNetwork(entry.label).description
        }
    }

    /// Whether an entry is one of those that a command names.
    func isMeant(_ entry: LimitEntry, by filter: LimitFilter) -> Bool {
        guard let policy = policy(of: entry) else { return filter.isEmpty }
        let isOfUser = policies.ofUsers.contains(policy)
        if let user = filter.user {
            guard isOfUser, entry.label == LimitKey.Label(high: user.uuid.high, low: user.uuid.low) else {
                return false
            }
        }
        if let network = filter.address.flatMap({ ClientNetwork($0) }) {
            guard !isOfUser, !isOfAccount(policy), entry.label == network.label else { return false }
        }
        if let account = filter.account {
            let isMeant = isOfAccount(policy) || policies.ofAttempts.contains(policy)
            let key: LimitKey =
                isOfAccount(policy) ? .account(account) : .attempt(at: account, from: entry.label)
            guard isMeant, entry.hash == limiter.hash(of: key, under: policy) else { return false }
        }
        return true
    }

    /// Whether what is counted belongs to an account, from wherever it comes.
    private func isOfAccount(_ policy: LimitPolicy) -> Bool {
        policy == policies.signInAccount || policy == policies.mail
    }

    private func policy(of entry: LimitEntry) -> LimitPolicy? { policies.all.first { $0.number == entry.policy } }

    /// Tells entries apart whose key is known by its hash only.
    private func digits(of entry: LimitEntry) -> String { String(entry.hash >> 32, radix: 16) }
}
