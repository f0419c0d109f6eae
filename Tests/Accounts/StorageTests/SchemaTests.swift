import Database
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// The schema goes up and down.
@Suite struct SchemaTests {
    @Test func `up, down and up again gives the same schema`() throws {
        let database = try ScratchDatabase()
        let migrator = try Migrator(Schema.migrations)
        let first = try dump(database)
        _ = try migrator.down(to: 0, in: database.session)
        #expect(try dump(database).isEmpty)
        _ = try migrator.up(in: database.session)
        #expect(try dump(database) == first)
    }

    @Test func `released migrations have not been edited`() {
        // A checksum changes only with the migration; a released one never does.
        #expect(
            Schema.migrations.map(\.checksum) == [
                "6a2a230bd0ef42bc78708c6a198b96f0", "a6d4b4777521f710dd8c4aa33254facb",
                "771d2ac254294f5dcb7a81f842a4dd63", "d883dece56b24ac840ecc55331e60ac0",
                "63fd05f97f5ef1923196c97565e88e3b", "854e5c8989a4847e78c8620062ef2f82",
                "b29909db531c00fc46955c84130d3857", "b58f4c4b71145e0a0d0dfcbc2f538f55",
                "4e6fbb5da8eb6f02be3e46c9566c0eaf", "a0a14143a8b4f9918055a7cffd73d264",
                "58cac9bb3e4936399958e9eecf54f54f", "744eeccdafdecfeacacc561b43b928bc",
                "98c3c327b80c841f212baa8a98517c69", "f49a0adf5f669bb8d17c312814bf3f69",
            ]
        )
    }

    @Test func `no step locks or rewrites a table in use, nor breaks the program before`() {
        let findings = MigrationLint.findings(in: Schema.migrations)
        let refused = findings.filter { $0.acceptance == nil }
        #expect(refused.isEmpty, "\(refused)")
        // What is accepted is older than the rules.
        #expect(Set(findings.map(\.source)) == ["migration 3 serve user lists", "migration 5 serve expiry"])
    }

    @Test func `what the program does not need takes away, or follows what does`() throws {
        let migrator = try Schema.migrator()
        let behind = migrator.migrations.filter { $0.id > migrator.neededVersion }
        #expect(behind.allSatisfy { $0.phase != .expand })
    }

    private func dump(_ database: ScratchDatabase) throws -> [String] {
        let schema = StatementDefinition(
            "test.schema",
            sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> 'schema_migrations' ORDER BY name"
        )
        let options = DatabaseOptions(path: "\(database.directory.path)/test.db")
        let session = try DatabaseSession(options, registry: try StatementRegistry([schema]))
        return try session.rows(schema) { try $0.string(0) }
    }
}
