internal import Database
internal import Storage

/// The check of a backup against the schema of this program.
enum BackupCheck {
    /// - Throws: ``Failure`` with what is wrong.
    static func run(_ path: String) throws -> DatabaseBackup.Facts {
        do {
            return try DatabaseBackup.check(path, for: try Schema.migrator())
        } catch let error as DatabaseError {
            guard case .corrupt(let diagnosis) = error else { throw error }
            throw Failure("\(path) is no database, or a damaged one: \(diagnosis.message)")
        } catch let error as MigrationError {
            throw Failure("\(path) does not fit this program: \(error)")
        }
    }
}
