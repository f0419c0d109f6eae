internal import ArgumentParser
internal import Database
internal import JSON
internal import Storage

/// `gatehouse migrate`: the schema of the database.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the database's schema up, takes it down, or shows where it is.",
        subcommands: [Up.self, Down.self, Status.self]
    )

    struct Up: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Applies what is missing.")

        @OptionGroup var instance: InstanceOptions
        @Option(help: "The last migration to apply; all where it is left out.") var to: Int?

        func run() throws {
            try Migrate.run(instance) { migrator, session in
                let applied = try migrator.up(to: to, in: session)
                for migration in applied { print("applied \(migration.id) \(migration.name)") }
                if applied.isEmpty { print("nothing to apply") }
            }
        }
    }

    struct Down: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes back the newest migrations, with the data that they hold."
        )

        @OptionGroup var instance: InstanceOptions
        @Option(help: "How many to take back.") var steps: Int = 1

        func run() throws {
            try Migrate.run(instance) { migrator, session in
                let reverted = try migrator.down(steps: steps, in: session)
                for migration in reverted { print("took back \(migration.id) \(migration.name)") }
                if reverted.isEmpty { print("nothing to take back") }
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows each migration and when it was applied.")

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Migrate.run(instance) { migrator, session in
                for migration in try migrator.status(in: session) {
                    let when = migration.applied.map { RFC3339.string(microseconds: $0.appliedAt) } ?? "-"
                    print("\(migration.id)  \(migration.standing)  \(when)  \(migration.name)")
                }
            }
        }
    }

    private static func run(
        _ instance: InstanceOptions,
        _ work: (Migrator, DatabaseSession) throws -> Void
    ) throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let session = try DatabaseSession(settings.database, registry: try Statements.registry())
            try work(try Migrator(Schema.migrations), session)
        }
    }
}
