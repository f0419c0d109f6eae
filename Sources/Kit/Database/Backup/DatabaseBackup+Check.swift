internal import Linux
internal import SQLite

extension DatabaseBackup {
    /// What a backup holds, after a check that found nothing wrong.
    public struct Facts: Hashable, Sendable {
        /// The size of the file in bytes.
        public let bytes: Int
        /// The last migration that was applied to it.
        public let schemaVersion: Int
        /// How many migrations the program knows beyond that one.
        public let pendingMigrations: Int
    }

    /// Reads a whole backup and holds it against what a program needs, without touching it.
    ///
    /// The structure of every table and index, the references between rows, the program that it belongs to, and that
    /// its migrations are a beginning of those that the program knows. Nothing is made beside the file, which may lie
    /// where nobody may write. Takes some seconds for a gigabyte.
    ///
    /// - Throws: ``DatabaseFileError``; ``MigrationError`` where the schema is another one, or newer than the program;
    ///   ``DatabaseError`` where the file is no database.
    public static func check(_ path: String, for migrator: Migrator) throws -> Facts {
        guard Files.exists(path) else { throw DatabaseFileError.missing(path: path) }
        guard WriteAheadLogFile(ofDatabaseAt: path).bytes == 0 else { throw DatabaseFileError.hasLog(path: path) }
        do {
            let backup = try open(path)
            let id = try backup.applicationID()
            guard id == 0 || id == migrator.applicationID else {
                throw DatabaseFileError.foreign(path: path, applicationID: id)
            }
            let applied = try SQLiteSchemaTable.read(backup)
            guard let version = applied.keys.max() else { throw DatabaseFileError.empty(path: path) }
            try migrator.check(applied, try SQLiteSchemaTable.underway(backup), .sqlite)
            let faults = try backup.integrityFaults(thorough: true)
            guard faults.isEmpty else { throw DatabaseFileError.damaged(path: path, faults: faults) }
            if let table = try backup.danglingReference() {
                throw DatabaseFileError.danglingReferences(path: path, table: table)
            }
            return Facts(
                bytes: Int(try FileStatus(of: path).size),
                schemaVersion: version,
                pendingMigrations: migrator.migrations.count { $0.id > version }
            )
        } catch let error as SQLiteError {
            throw DatabaseError(error)
        }
    }

    /// Opens a file that nobody changes.
    static func open(_ path: String) throws(SQLiteError) -> Connection {
        do throws(SQLiteError) {
            return try Connection(path: path, options: ConnectionOptions(access: .unchanging))
        } catch {
            // SQLite does not say which file.
            throw SQLiteError(code: error.code, message: error.message, statement: "open \(path)")
        }
    }
}
