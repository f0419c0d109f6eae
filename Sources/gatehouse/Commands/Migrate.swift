internal import ArgumentParser
internal import Caching
internal import Console
internal import Database
internal import JSON
internal import Linux
internal import Storage

/// `gatehouse migrate`: the schema of the database.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the schema of the database up, takes it down, shows where it is, and looks at migrations.",
        subcommands: [Up.self, Down.self, Status.self, Plan.self, Show.self, Lint.self]
    )

    struct Up: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "up",
            abstract: "Applies what is missing.",
            discussion: """
                What this program needs to serve; the steps behind it wait until no process of the program before serves any \
                more, and are applied by --all. A database without tables gets everything. One that was ended goes on where \
                it was.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @Option(help: "The last migration to apply.") var to: Int?
        @Flag(help: "Apply all: no process of the program before serves any more.") var all = false

        func validate() throws {
            guard to == nil || !all else { throw ValidationError("--to and --all contradict each other.") }
        }

        func run() throws {
            try Migrate.run(instance) { migrator, session in
                let isEmpty = try migrator.status(in: session).allSatisfy { $0.standing == .pending }
                let target = to ?? (all || isEmpty ? migrator.latestVersion : migrator.neededVersion)
                let applied = try Migrate.showing("applied") { try migrator.up(to: target, in: session, observe: $0) }
                if applied.isEmpty { try Output.line("nothing to apply") }
                let waiting = try migrator.plan(in: session).count
                guard to == nil, waiting > 0 else { return }
                try Output.line(
                    "\(waiting) more for when no process of the program before serves any more: gatehouse migrate up --all"
                )
            }
        }
    }

    struct Down: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "down",
            abstract: "Takes back the newest migrations, with the data that they hold."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var confirmation: Confirmation
        @Option(help: "How many to take back.") var steps: Int = 1

        func validate() throws {
            guard steps > 0 else { throw ValidationError("--steps must be 1 at least.") }
        }

        func run() throws {
            try Migrate.run(instance, makesDatabase: false) { migrator, session in
                let known = try migrator.status(in: session)
                let applied = known.filter { $0.applied != nil || $0.underway != nil }.suffix(steps)
                guard !applied.isEmpty else { return try Output.line("nothing to take back") }
                let names = applied.reversed().map { "\($0.id) \($0.name)" }.joined(separator: ", ")
                try confirmation.require("Take back \(names), with the data that they hold?")
                let confirmed = Set(applied.map(\.id))
                let reverted = try Migrate.showing("took back") { show in
                    try migrator.down(steps: steps, in: session) { event in
                        if case .began(let migration) = event, !confirmed.contains(migration.id) {
                            throw Failure("another migrator was at work meanwhile; migration \(migration.id) stays")
                        }
                        try show(event)
                    }
                }
                if reverted.isEmpty { try Output.line("nothing to take back") }
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Shows each migration and when it was applied.",
            discussion: """
                "pending" is not applied yet, "underway" was begun and goes on with the next migrate up, "edited" was changed in the program after it was applied, "unknown" is of a \
                newer program.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Migrate.run(instance, changes: false) { migrator, session in
                var list = ListOutput<MigrationStatus>(
                    asJSON: output.json,
                    head: ["ID", "STANDING", "APPLIED", "NAME"],
                    row: { ["\($0.id)", "\($0.standing)", $0.appliedAt ?? $0.progress ?? "-", $0.name] },
                    write: { $0.write(to: &$1) }
                )
                try list.show(try migrator.status(in: session))
                try list.finish()
            }
        }
    }

    /// Tells what was done when it is, and at a terminal how far a backfill is.
    private static func showing<Result>(
        _ done: String,
        _ work: ((MigrationEvent) throws -> Void) throws -> Result
    ) rethrows -> Result {
        var bar: ProgressBar?
        defer { bar?.finish() }
        return try work { event in
            switch event {
            case .advanced(let migration, let rows, let total):
                if bar == nil { bar = ProgressBar(migration.name, total: total) }
                bar?.show(min(rows, total))
            case .finished(let migration):
                bar?.finish()
                bar = nil
                try Output.line("\(done) \(migration.id) \(migration.name)")
            default: break
            }
        }
    }

    static func run(
        _ instance: InstanceOptions,
        makesDatabase: Bool = true,
        changes: Bool = true,
        _ work: (Migrator, DatabaseSession) throws -> Void
    ) throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let mustBeThere =
                settings.database.file.map { !makesDatabase || !changes || Files.exists($0.path) } ?? false
            if mustBeThere { try DatabaseFile.check(settings) }
            let shared = try SharedState(of: settings.dataPath)
            let database = settings.database(writingWith: shared, isTold: false)
            let session = try DatabaseSession(database, registry: try Statements.registry(for: database.dialect))
            // Whatever a step did to the rows, no statement has told of it.
            defer {
                if changes {
                    shared.generations.invalidateEverything()
                    // Before the step that makes the log of changes there is one host.
                    try? ChangeLog.tellEverything(session)
                }
            }
            try work(try Schema.migrator(), session)
        }
    }
}

extension MigrationStatus {
    fileprivate var appliedAt: String? { applied.map { RFC3339.string(microseconds: $0.appliedAt) } }

    fileprivate var progress: String? { underway.map { $0.total > 0 ? "\($0.rows) of \($0.total) rows" : "begun" } }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { migration in
            migration.member("id", id)
            migration.member("name", name)
            migration.member("standing", "\(standing)")
            migration.member("phase", phase?.rawValue)
            migration.member("applied_at", appliedAt)
            migration.member("rows_done", underway?.rows)
        }
    }
}
