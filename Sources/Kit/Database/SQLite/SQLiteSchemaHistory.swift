internal import SQLite

/// The history of a schema on SQLite.
///
/// A step is one immediate transaction, so that migrators wait for each other by themselves.
struct SQLiteSchemaHistory: SchemaHistory {
    let session: DatabaseSession

    var dialect: SQLDialect { .sqlite }

    func read() throws -> [Int: MigrationRecord] {
        try session.withConnection { try SQLiteSchemaTable.read($0) }
    }

    func version() throws -> Int {
        try session.withConnection { try SQLiteSchemaTable.version($0) }
    }

    func underway() throws -> MigrationUnderway? {
        try session.withConnection { try SQLiteSchemaTable.underway($0) }
    }

    func number(_ sql: String) throws -> Int64 {
        try session.withConnection { connection in
            let query = try connection.prepare(sql, id: MigrationUnderway.table)
            return try query.step() ? try query.int64(at: 0) : 0
        }
    }

    var indexBuilder: (any IndexBuilder)? { nil }

    func mark(_ applicationID: Int64) throws {
        try session.withConnection { connection in
            let found = try connection.applicationID()
            guard found != applicationID, applicationID != 0 else { return }
            guard found == 0 else { throw MigrationError.foreign(applicationID: found) }
            try connection.execute("PRAGMA application_id = \(applicationID)", id: "application_id")
        }
    }

    func whileAlone<Value>(_ body: () throws -> Value) throws -> Value { try body() }

    func step(_ migration: Migration, _ body: () throws -> Bool) throws -> Bool {
        try session.withConnection { connection in
            // Without effect inside a transaction, hence around it.
            if migration.rebuildsTables { try connection.enforceForeignKeys(false) }
            defer { if migration.rebuildsTables { try? connection.enforceForeignKeys(true) } }
            if migration.editsSchema { try connection.allowSchemaEdits(true) }
            defer { if migration.editsSchema { try? connection.allowSchemaEdits(false) } }
            return try session.write { _ in
                let result = try body()
                if migration.rebuildsTables, let table = try connection.danglingReference() {
                    throw MigrationError.danglingReferences(id: migration.id, name: migration.name, table: table)
                }
                return result
            }
        }
    }

    func run(_ statements: [String], of migration: Migration) throws {
        try session.withConnection { connection in
            for statement in statements {
                try connection.execute(statement, id: migration.title)
                guard connection.isInTransaction else {
                    throw MigrationError.endedTransaction(id: migration.id, name: migration.name)
                }
            }
        }
    }

    func insert(_ migration: Migration, checksum: String, duration: Duration) throws {
        try session.withConnection { try SQLiteSchemaTable.insert(migration, checksum, duration: duration, $0) }
    }

    func delete(_ migration: Migration) throws {
        try session.withConnection { try SQLiteSchemaTable.delete(migration, $0) }
    }
}

extension Connection {
    /// The number by which the file is known as a database of a program, 0 for none.
    borrowing func applicationID() throws(SQLiteError) -> Int64 {
        let query = try prepare("PRAGMA application_id", id: "application_id")
        return try query.step() ? try query.int64(at: 0) : 0
    }

    /// A table of which a row refers to nothing.
    borrowing func danglingReference() throws(SQLiteError) -> String? {
        let check = try prepare("PRAGMA foreign_key_check", id: "foreign_key_check")
        return try check.step() ? try check.string(at: 0) : nil
    }
}
