internal import ArgumentParser
internal import Database
internal import Linux

/// `gatehouse backup`: a copy of the database while the pool serves.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Writes a copy of the database to a file while the pool serves.",
        discussion: """
            The copy holds every change that was acknowledged before it began. The file appears whole or not at all, and \
            only its owner can read it. It holds accounts and nothing else: keep gatehouse.yaml and keys/instance.keys too.
            """
    )

    @Argument(help: "The file to write.") var file: String
    @OptionGroup var instance: InstanceOptions
    @Flag(help: "Replaces the file where there is one.") var force = false

    func run() throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let interruption = try Interruption()
            let bar = CopyProgress("backup")
            defer { bar.finish() }
            do {
                let written = try DatabaseBackup.write(
                    try DatabaseFile.require(settings, instead: "pg_dump writes a copy of it"),
                    to: Files.absolute(file),
                    replacing: force
                ) { progress in
                    try interruption.check()
                    bar.show(progress)
                }
                bar.finish()
                try Output.line("wrote \(file): \(ByteCount(bytes: written.bytes)) in \(written.duration.inSeconds)")
            } catch DatabaseFileError.taken(let path) {
                throw Failure(.taken, "there is a file \(path) already; replace it with --force")
            } catch DatabaseFileError.missing(let path) {
                throw Failure("there is no database at \(path)")
            }
        }
    }
}

/// `gatehouse restore`: a backup in the place of the database.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Puts a backup in the place of the database, which must not be served meanwhile.",
        discussion: """
            The backup is checked first: that it is whole, that it is one of Gatehouse, and that this program knows its \
            schema. The database before is kept beside it.
            """
    )

    @Argument(help: "The backup.") var file: String
    @OptionGroup var instance: InstanceOptions
    @Flag(help: "Only checks the backup and changes nothing.") var verify = false

    func run() throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let facts = try BackupCheck.run(Files.absolute(file))
            let size = ByteCount(bytes: facts.bytes)
            if verify {
                try Output.line("\(file) is a whole backup: \(size), schema \(facts.schemaVersion)")
            } else {
                try restore(settings)
            }
            if facts.pendingMigrations > 0 {
                let count = facts.pendingMigrations
                try Output.line("this program needs \(count) more migrations: \(settings.migrateCommand)")
            }
        }
    }

    private func restore(_ settings: Settings) throws {
        let directory = instance.directory
        try directory.checkAccess()
        // What another user makes, root among them, the pool could not use.
        guard try FileStatus(of: directory.path).owner == ThisProcess.user else {
            throw Failure(
                "\(directory.path) belongs to another user, as whom this has to be run (runuser -u USER -- ...)"
            )
        }
        try directory.prepare()
        guard let lock = try FileLock(path: directory.lockFile) else {
            throw Failure("a gatehouse serves \(directory.path); end it first: gatehouse stop \(directory.options)")
        }
        let database = try DatabaseFile.require(settings, instead: "pg_restore puts a copy in its place")
        let interruption = try Interruption()
        let bar = CopyProgress("restore")
        defer { bar.finish() }
        let restored = try DatabaseRestore.run(
            from: Files.absolute(file),
            to: database,
            movingAsideTo: "\(database.path).before-restore-\(SystemClock.realtimeMicroseconds() / 1_000_000)"
        ) { progress in
            try interruption.check()
            bar.show(progress)
        }
        withExtendedLifetime(lock) {}
        bar.finish()
        try Output.line("restored \(file): \(ByteCount(bytes: restored.bytes)) in \(restored.duration.inSeconds)")
        if let kept = restored.kept {
            try Output.line("the database before is kept as \(kept); remove it when you are content")
        }
    }
}
