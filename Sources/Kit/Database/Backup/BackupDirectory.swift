internal import JSON
internal import Linux

/// Which backups of a directory are kept.
///
/// A backup goes when either rule says so; the newest one never goes.
public struct BackupRetention: Hashable, Sendable {
    /// How many are kept at most, the newest; nil keeps any number.
    public var count: Int?
    /// How long one is kept; nil keeps it for ever.
    public var age: Duration?

    /// Keeps what both rules let stay.
    public init(count: Int? = nil, age: Duration? = nil) {
        self.count = count
        self.age = age
    }
}

/// A directory of backups that are written one after another, of which the older ones are removed.
///
/// Their names hold the time in UTC, such as `gatehouse-2026-11-27T221530Z.db`, and nothing but that name decides on
/// their age, so that they may be copied about. Files of other names are nobody's business here. For one thread of one
/// process at a time.
public struct BackupDirectory: Sendable {
    /// A backup that lies in the directory.
    public struct Entry: Hashable, Sendable {
        /// The path of the file.
        public let path: String
        /// When it was begun, in microseconds since 1970 UTC, exact to seconds.
        public let takenAt: Int64
    }

    /// What one turn has done.
    public struct Turn: Hashable, Sendable {
        /// The backup that was written.
        public let entry: Entry
        /// Its size and how long it took.
        public let written: DatabaseBackup.Written
        /// The paths of those that were removed, the oldest first.
        public let removed: [String]
    }

    /// The path of the directory.
    public let path: String
    /// What the names begin with.
    public let prefix: String
    /// Which backups stay.
    public let retention: BackupRetention

    /// Names a directory, which is made (mode 0700) at the first backup.
    public init(path: String, prefix: String, retention: BackupRetention) {
        self.path = path
        self.prefix = prefix
        self.retention = retention
    }

    /// Writes one backup, and then removes those that need not stay.
    ///
    /// Where the backup fails nothing is removed, so that a full disk never costs the last good one; but for what earlier
    /// turns left half when they were killed. Blocks.
    ///
    /// - Parameters:
    ///   - options: The database.
    ///   - now: The time, in microseconds since 1970 UTC.
    ///   - progress: As for ``DatabaseBackup/write(_:to:replacing:progress:)``.
    /// - Returns: The backup, and what was removed.
    /// - Throws: As ``DatabaseBackup/write(_:to:replacing:progress:)``; `SystemError` of the directory.
    public func backUp(
        _ options: DatabaseOptions,
        now: Int64,
        progress: (DatabaseBackup.Progress) throws -> Void = { _ in }
    ) throws -> Turn {
        try Files.makeDirectory(path, permissions: 0o700)
        let entry = Entry(path: "\(path)/\(name(at: now))", takenAt: now / 1_000_000 * 1_000_000)
        DatabaseBackup.removeLeftovers(inDirectory: path) { time(of: $0) != nil }
        // One of the same second is as good as a new one, but it may be of before the last change.
        let written = try DatabaseBackup.write(options, to: entry.path, replacing: true, progress: progress)
        var removed: [String] = []
        for old in outdated(among: try entries(), now: now) {
            try Files.remove(old.path)
            removed.append(old.path)
        }
        return Turn(entry: entry, written: written, removed: removed)
    }

    /// Whether it is time for the next one: there is none yet, or the newest is that old.
    ///
    /// - Throws: `SystemError` where the directory cannot be read.
    public func isDue(every interval: Duration, now: Int64) throws -> Bool {
        guard let newest = try entries().last else { return true }
        // A newest one of the future is the mark of a clock that was set back, and no reason to wait for it.
        return newest.takenAt > now || now - newest.takenAt >= interval.microseconds
    }

    /// The backups that are there, the oldest first.
    ///
    /// - Throws: `SystemError` where the directory cannot be read; a missing one is empty.
    public func entries() throws -> [Entry] {
        guard Files.exists(path) else { return [] }
        return try Files.names(inDirectory: path)
            .compactMap { name in time(of: name).map { Entry(path: "\(path)/\(name)", takenAt: $0) } }
            .sorted { $0.takenAt < $1.takenAt }
    }

    private func outdated(among entries: [Entry], now: Int64) -> [Entry] {
        let tooMany = retention.count.map { entries.count - max(1, $0) } ?? 0
        return entries.enumerated().filter { index, entry in
            let isTooOld = retention.age.map { now - entry.takenAt > $0.microseconds } ?? false
            return index < entries.count - 1 && (index < tooMany || isTooOld)
        }.map(\.element)
    }

    // MARK: - Names

    private static let suffix = "Z.db"

    /// The time as RFC 3339 has it, without what file systems and shells dislike.
    private func name(at time: Int64) -> String {
        let text = RFC3339.string(microseconds: time).prefix("2026-11-27T22:15:30".utf8.count)
        return "\(prefix)-\(text.filter { $0 != ":" })\(Self.suffix)"
    }

    private func time(of name: some StringProtocol) -> Int64? {
        guard name.hasPrefix("\(prefix)-"), name.hasSuffix(Self.suffix) else { return nil }
        let text = name.dropFirst(prefix.utf8.count + 1).dropLast(Self.suffix.utf8.count)
        guard text.utf8.count == "2026-11-27T221530".utf8.count else { return nil }
        let clock = text.suffix(6)
        return RFC3339.microseconds(
            "\(text.dropLast(6))\(clock.prefix(2)):\(clock.dropFirst(2).prefix(2)):\(clock.suffix(2))Z"
        )
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
