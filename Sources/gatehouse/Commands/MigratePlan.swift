internal import ArgumentParser
internal import Database
internal import JSON
internal import Storage

extension Migrate {
    /// `gatehouse migrate plan`: what `up` would do.
    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Shows what is missing, and whom it keeps waiting; changes nothing.",
            discussion: """
                "expand" adds something, "backfill" fills it some rows at a time, "contract" takes away what the program \
                before needs. What waits is for when no process of that program serves any more (up --all).
                """
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag
        @Option(help: "The last migration to look at.") var to: Int?
        @Flag(help: "Show the statements.") var sql = false

        func run() throws {
            try Migrate.run(instance, changes: false) { migrator, session in
                try PlanOutput(json: output.json, sql: sql).show(try migrator.plan(to: to, in: session))
            }
        }
    }

    /// `gatehouse migrate show`: the migrations of this program, without a database.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Shows the migrations of this program with their statements; needs no instance."
        )

        @OptionGroup var output: JSONFlag
        @Option(help: "The engine whose statements are shown: sqlite or postgresql.") var engine = EngineName.postgresql
        @Argument(help: "The number of a migration; all where it is left out.") var id: Int?

        func run() throws {
            try Failure.reporting {
                let all = try Schema.migrator().plan(engine.dialect, from: 0)
                let wanted = all.filter { id == nil || $0.migration.id == id }
                if let id, wanted.isEmpty { throw Failure(.notFound, "there is no migration \(id)") }
                try PlanOutput(json: output.json, sql: true).show(wanted)
            }
        }
    }

    enum EngineName: String, ExpressibleByArgument, CaseIterable {
        case sqlite, postgresql

        var dialect: SQLDialect { self == .sqlite ? .sqlite : .postgreSQL }
    }
}

/// Migrations that are not applied, for people or programs.
private struct PlanOutput {
    let json: Bool
    let sql: Bool

    func show(_ plan: [PlannedMigration]) throws {
        if sql, !json { return try showStatements(plan) }
        var list = ListOutput<PlannedMigration>(
            asJSON: json,
            head: ["ID", "PHASE", "WHEN", "TRANSACTIONS", "KEEPS WAITING", "NAME"],
            row: { step in
                [
                    "\(step.migration.id)", step.migration.phase.rawValue, step.canWait ? "later" : "now",
                    step.transactions, step.keepsWaiting, step.migration.name,
                ]
            },
            write: { $0.write(to: &$1) }
        )
        try list.show(plan)
        try list.finish()
        if plan.isEmpty, !json { try Output.line("nothing to apply") }
    }

    private func showStatements(_ plan: [PlannedMigration]) throws {
        for step in plan {
            try Output.line("-- \(step.migration.id) \(step.migration.name): \(step.migration.phase.rawValue)")
            try Output.line("-- transactions: \(step.transactions); keeps waiting: \(step.keepsWaiting)")
            try Output.lines(step.statements.map { "\($0);" } + [""])
        }
    }
}

extension PlannedMigration {
    fileprivate var transactions: String {
        guard case .backfill(let backfill) = migration.kind else { return isOneTransaction ? "one" : "none" }
        return "one for \(backfill.rowsPerBatch) rows"
    }

    fileprivate var keepsWaiting: String {
        guard let locks else { return "writers" }
        let waited = locks.filter { $0.mode > .shareUpdateExclusive }
        return waited.isEmpty
            ? "nobody" : waited.map { "\($0.mode.keepsWaiting) of \($0.table)" }.joined(separator: ", ")
    }

    private var kindName: String {
        switch migration.kind {
        case .script: "script"
        case .concurrentIndex: "concurrent_index"
        case .backfill: "backfill"
        }
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { step in
            step.member("id", migration.id)
            step.member("name", migration.name)
            step.member("phase", migration.phase.rawValue)
            step.member("kind", kindName)
            step.member("can_wait", canWait)
            step.member("one_transaction", isOneTransaction)
            step.member("rows_done", underway?.rows)
            step.member("locks", locks?.map { "\($0.mode.rawValue) \($0.table)" } ?? [])
            step.member("statements", statements)
        }
    }
}
