internal import Linux
internal import SQLite

/// Copies of a database that serves, each one file of one moment, and whole wherever it has its name.
public enum DatabaseBackup {
    /// A backup that was written.
    public struct Written: Hashable, Sendable {
        /// The size of the file in bytes.
        public let bytes: Int
        /// How long it took.
        public let duration: Duration
    }

    /// How far a copy is, in pages.
    public struct Progress: Hashable, Sendable {
        /// The pages that have been copied.
        public let copied: Int
        /// The pages that there are to copy.
        public let total: Int
    }

    /// Writes a copy of the database to a file, while others read and write.
    ///
    /// It holds every change that was acknowledged before the call, and nothing half. The copy is written under a name
    /// of its own in the same directory (``partialName(of:)``), readable by its owner only, synced, and only then
    /// renamed; what an earlier process left there when it was killed is removed first. Until it ends the write-ahead
    /// log cannot start anew, so that it grows by what is written meanwhile. Blocks; for any thread.
    ///
    /// - Parameters:
    ///   - options: The database, which must exist.
    ///   - path: The file to write.
    ///   - replacing: Whether a file of that name is replaced.
    ///   - progress: Hears how far the copy is; it may throw to give up, after which nothing is left.
    /// - Returns: The size and the time.
    /// - Throws: ``DatabaseFileError/taken(path:)`` and ``DatabaseFileError/missing(path:)``; ``DatabaseError`` of the
    ///   database; `SystemError` where the file cannot be written; or what `progress` throws.
    @discardableResult
    public static func write(
        _ options: DatabaseOptions,
        to path: String,
        replacing: Bool = false,
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> Written {
        guard Files.exists(options.path) else { throw DatabaseFileError.missing(path: options.path) }
        guard replacing || !Files.exists(path) else { throw DatabaseFileError.taken(path: path) }
        return try copy(try options.connect(.readOnly), to: path, replacing: replacing, progress)
    }

    /// Copies what a connection reads, so that the file appears whole or not at all.
    static func copy(
        _ source: borrowing Connection,
        to path: String,
        replacing: Bool,
        _ progress: (Progress) throws -> Void
    ) throws -> Written {
        let start = ContinuousClock.now
        removeLeftovers(inDirectory: Files.directory(of: path)) { $0 == path.split(separator: "/").last ?? "" }
        let partial = partialName(of: path)
        defer { for suffix in ["", "-journal", "-wal", "-shm"] { try? Files.remove(partial + suffix) } }
        var bytes = 0
        do {
            try source.copyDatabase(to: partial) { step in
                try progress(Progress(copied: step.copiedPages, total: step.pages))
            }
            bytes = Int(try FileStatus(of: partial).size)
            try Files.publish(partial, as: path, replacing: replacing)
        } catch let error as SQLiteError {
            // SQLite does not say which file.
            let isOpening = error.code.primary == .cannotOpen
            throw DatabaseError(
                SQLiteError(
                    code: error.code,
                    message: error.message,
                    statement: isOpening ? "write \(path)" : error.statement
                )
            )
        } catch let error as SystemError where error.isPresent {
            throw DatabaseFileError.taken(path: path)
        }
        return Written(bytes: bytes, duration: start.duration(to: .now))
    }

    /// Under which name this process writes a file that is to have that name once it is whole.
    ///
    /// - Returns: `PATH.PID.partial`.
    public static func partialName(of path: String) -> String {
        "\(path).\(ThisProcess.id)\(partialSuffix)"
    }

    private static let partialSuffix = ".partial"

    /// Removes what processes that live no more have left half of files that are to have such a name once they are whole.
    static func removeLeftovers(inDirectory directory: String, whereName isOurs: (Substring) -> Bool) {
        for name in (try? Files.names(inDirectory: directory)) ?? [] {
            guard let end = name.firstRange(of: partialSuffix) else { continue }
            let head = name[..<end.lowerBound]
            guard let dot = head.lastIndex(of: "."), let process = Int32(head[head.index(after: dot)...]),
                isOurs(head[..<dot]), process == ThisProcess.id || !Files.exists("/proc/\(process)")
            else { continue }
            try? Files.remove("\(directory)/\(name)")
        }
    }
}
