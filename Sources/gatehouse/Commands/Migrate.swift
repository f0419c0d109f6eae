internal import ArgumentParser
internal import Caching
internal import Database
internal import JSON
internal import Linux
internal import Storage

/// `gatehouse migrate`: the schema of the database.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the schema of the database up, takes it down, or shows where it is.",
        subcommands: [Up.self, Down.self, Status.self]
    )

    struct Up: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "up", abstract: "Applies what is missing.")

        @OptionGroup var instance: InstanceOptions
        @Option(help: "The last migration to apply; all where it is left out.") var to: Int?

        func run() throws {
            try Migrate.run(instance) { migrator, session in
                let applied = try migrator.up(to: to, in: session)
                for migration in applied { try Output.line("applied \(migration.id) \(migration.name)") }
                if applied.isEmpty { try Output.line("nothing to apply") }
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
                let applied = try migrator.status(in: session).filter { $0.applied != nil }.suffix(steps)
                guard !applied.isEmpty else { return try Output.line("nothing to take back") }
                let names = applied.reversed().map { "\($0.id) \($0.name)" }.joined(separator: ", ")
                try confirmation.require("Take back \(names), with the data that they hold?")
                let reverted = try migrator.down(steps: steps, in: session)
                for migration in reverted { try Output.line("took back \(migration.id) \(migration.name)") }
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Shows each migration and when it was applied.",
            discussion: """
                "pending" is not applied yet, "edited" was changed in the program after it was applied, "unknown" is of a \
                newer program.
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Migrate.run(instance, makesDatabase: false) { migrator, session in
                var list = ListOutput<MigrationStatus>(
                    asJSON: output.json,
                    head: ["ID", "STANDING", "APPLIED", "NAME"],
                    row: { ["\($0.id)", "\($0.standing)", $0.appliedAt ?? "-", $0.name] },
                    write: { $0.write(to: &$1) }
                )
                try list.show(try migrator.status(in: session))
                try list.finish()
            }
        }
    }

    private static func run(
        _ instance: InstanceOptions,
        makesDatabase: Bool = true,
        _ work: (Migrator, DatabaseSession) throws -> Void
    ) throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let mustBeThere = settings.database.file.map { !makesDatabase || Files.exists($0.path) } ?? false
            if mustBeThere { try DatabaseFile.check(settings) }
            let shared = try SharedState(of: settings.dataPath)
            let database = settings.database(writingWith: shared, isTold: false)
            let session = try DatabaseSession(database, registry: try Statements.registry(for: database.dialect))
            // Whatever a step did to the rows, no statement has told of it.
            defer {
                shared.generations.invalidateEverything()
                // Before the step that makes the log of changes there is one host.
                try? ChangeLog.tellEverything(session)
            }
            try work(try Schema.migrator(), session)
        }
    }
}

extension MigrationStatus {
    fileprivate var appliedAt: String? { applied.map { RFC3339.string(microseconds: $0.appliedAt) } }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { migration in
            migration.member("id", id)
            migration.member("name", name)
            migration.member("standing", "\(standing)")
            migration.member("applied_at", appliedAt)
        }
    }
}
