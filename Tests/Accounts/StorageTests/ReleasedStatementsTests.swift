import Database
import Domain
import Linux
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// While a release is put in the place of another both serve on one schema.
@Suite struct ReleasedStatementsTests {
    /// Those that the engine does not take on a schema.
    private func unfit(_ definitions: [StatementDefinition], _ staged: StagedDatabase) throws -> [String] {
        func fit(_ definitions: [StatementDefinition]) throws -> Bool {
            let registry = try StatementRegistry(definitions)
            return (try? registry.requireFit(in: try staged.session(definitions))) != nil
        }
        return try fit(definitions) ? [] : definitions.filter { try !fit([$0]) }.map(\.id)
    }

    @Test(arguments: SQLDialect.allCases)
    func `the statements of the release before fit every schema of this one, and the other way round`(
        dialect: SQLDialect
    ) throws {
        // After a release, with its number in ReleasedStatements.
        if ThisProcess.environmentVariables()["RECORD"] == "released" { try ReleasedStatements.record(dialect) }
        let released = try ReleasedStatements.all(dialect)
        let present = try Statements.registry(for: dialect).definitions
        #expect(released.count > 80)
        for version in ReleasedStatements.version...(Schema.migrations.last?.id ?? 0) {
            let staged = try StagedDatabase(dialect, version)
            #expect(try unfit(released, staged) == [], "schema \(version)")
            // Before what it needs is there, this program refuses to serve.
            let missing = try unfit(present, staged)
            #expect(missing.isEmpty == (version >= Schema.neededVersion), "schema \(version): \(missing)")
        }
    }

    @Test(arguments: SQLDialect.allCases)
    func `the generations before and after serve beside this one on the schemas between them`(
        dialect: SQLDialect
    ) throws {
        let staged = try StagedDatabase(dialect, ReleasedStatements.version)
        let old = try Generation.released(staged, dialect)
        let new = try Generation.present(staged, dialect)
        let next = try Generation.next(staged)
        try insertWebhook(staged, dialect)
        try old.write(1, 5_400)

        // Expanded: who writes the old column alone is read by both, and who writes both too.
        try staged.migrate(to: 11)
        #expect(try new.newest() == 5_000)
        try old.write(2, 6_400)
        #expect(try new.newest() == 6_000)
        try new.write(3, 7_250)
        #expect(try new.newest() == 7_250)
        #expect(try old.newest() == 7_000)

        // Filled, after the end of the old generation.
        try staged.migrate(to: 12)
        #expect(try all(staged, dialect) == [7_250, 6_000, 5_000])

        // Required: nothing is stored without it, and the old one may be left out.
        for version in [13, 14] {
            try staged.migrate(to: version)
            #expect(throws: DatabaseError.self) { try old.write(4, 1_000) }
            try new.write(5, 9_125)
            #expect(try next.newest() == 9_125)
            try next.write(6, 8_125)
            #expect(try new.newest() == 8_125)
            #expect(try next.newest() == 8_125)
        }

        // Dropped, after the end of this one.
        try staged.migrate(to: Generation.nextContract.id, Schema.migrations + [Generation.nextContract])
        #expect(try next.newest() == 8_125)
        try next.write(7, 9_375)
        #expect(try next.newest() == 9_375)
        #expect(throws: DatabaseError.self) { try new.write(8, 1) }
    }

    @Test(arguments: SQLDialect.allCases)
    func `the way back keeps what is there`(dialect: SQLDialect) throws {
        let staged = try StagedDatabase(dialect, 14)
        try insertWebhook(staged, dialect)
        try Generation.present(staged, dialect).write(1, 7_250)
        try Generation.next(staged).write(2, 8_125)
        try Schema.migrator().down(to: ReleasedStatements.version, in: try staged.session())
        #expect(try Generation.released(staged, dialect).newest() == 8_000)
        try staged.migrate(to: 14)
        #expect(try all(staged, dialect) == [8_000, 7_000])
    }

    @Test func `the last step is no danger for tables in use either`() {
        #expect(MigrationLint.findings(in: [Generation.nextContract]).isEmpty)
    }

    private func insertWebhook(_ staged: StagedDatabase, _ dialect: SQLDialect) throws {
        let session = try staged.session(try Statements.registry(for: dialect).definitions)
        try SQLUnitOfWork(session).perform { try $0.webhooks.insert(.fixture(1), sealedSecret: [1]) }
    }

    private func all(_ staged: StagedDatabase, _ dialect: SQLDialect) throws -> [Int] {
        let session = try staged.session(try Statements.registry(for: dialect).definitions)
        return try SQLUnitOfWork(session).read { try $0.webhooks.deliveries(of: .fixture(1), limit: 9) }
            .map(\.microseconds)
    }
}
