internal import ArgumentParser
internal import Database
internal import JSON
internal import Storage

/// `gatehouse explain`: how the engine runs the statements of this program.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Holds the plan of every statement against the one that it declares.",
        discussion: """
            Nothing is run. A plan that reads or sorts whole tables, or searches by another index than it should, is shown \
            with what is wrong, and the exit code is 1. With the name of a statement its plan is shown.
            """
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag
    @Argument(help: "A statement, as the log and the metrics call it.") var statement: String?

    func run() throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            try DatabaseFile.check(settings)
            let database = settings.database
            let registry = try Statements.registry(for: database.dialect)
            try SchemaCheck.run(settings, registry)
            let session = try DatabaseSession(database, registry: registry)
            if let statement {
                try show(statement, registry, session)
            } else {
                try check(registry, session)
            }
        }
    }

    private func show(_ name: String, _ registry: StatementRegistry, _ session: DatabaseSession) throws {
        guard let definition = registry.definitions.first(where: { $0.id == name }) else {
            throw Failure(.notFound, "there is no statement \(name)")
        }
        let plan = try session.plan(of: definition)
        guard output.json else { return try Output.lines(plan) }
        try Output.document { writer in
            writer.object { document in
                document.member("statement", name)
                document.member("plan", plan)
            }
        }
    }

    private func check(_ registry: StatementRegistry, _ session: DatabaseSession) throws {
        let violations = try registry.planViolations(in: session)
        if output.json {
            try Output.document { writer in
                writer.object { document in
                    document.member("engine", (try? session.engineVersion()) ?? "")
                    document.member("statements", registry.definitions.count)
                    document.member("violations", violations.map(\.description))
                }
            }
        } else {
            try Output.lines(violations.map(\.description))
        }
        guard violations.isEmpty else {
            throw Failure("\(violations.count) plans are not as declared: an index is missing, or another is used")
        }
        if !output.json {
            try Output.line(
                "\(registry.definitions.count) statements are run as declared by \(try session.engineVersion())"
            )
        }
    }
}
