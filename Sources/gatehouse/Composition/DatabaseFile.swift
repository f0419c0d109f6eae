internal import Database
internal import Linux

/// The file of the database, which opening would make.
enum DatabaseFile {
    /// Looks at the file, where the database is in one.
    ///
    /// - Throws: a sentence that names the command which makes it, or the user who may write to it.
    static func check(_ settings: Settings) throws {
        guard let path = settings.database.file?.path else { return }
        let owner: UInt32
        do throws(SystemError) {
            owner = try FileStatus(of: path).owner
        } catch {
            guard error.isMissing else { throw error }
            throw Failure("there is no database at \(path): run \(settings.migrateCommand)")
        }
        // Each user has a segment of their own, and with it another write lock; only root would get this far.
        guard owner == ThisProcess.user else {
            throw Failure("the database \(path) belongs to another user: run the command as that user")
        }
    }

    /// How the file is used, for what can be done to a file only.
    ///
    /// - Throws: a sentence that names what does it on a server.
    static func require(_ settings: Settings, instead: String) throws -> DatabaseOptions {
        guard let file = settings.database.file else {
            throw Failure("the database is on a server (database.host): \(instead)")
        }
        return file
    }
}
