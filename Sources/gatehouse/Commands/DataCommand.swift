internal import ArgumentParser
internal import Caching
internal import Console
internal import Database
internal import Linux
internal import Storage

/// `gatehouse data`: everything, from one database into another.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Moves everything from one database into another.",
        subcommands: [Copy.self]
    )

    struct Copy: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "copy",
            abstract: "Copies a database file into the database of the configuration, and compares every row.",
            discussion: """
                For the way from the embedded database to a server: end the pool, name the server in the configuration, \
                run "gatehouse migrate up", and copy. A copy that was ended goes on where it was when it is run again. The \
                file stays as it is. Sessions and API keys stay valid.
                """
        )

        @Option(help: "The file of the database to copy.") var from: String
        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                let directory = instance.directory
                let settings = try Settings(directory: directory)
                let file = Files.absolute(from)
                guard Files.exists(file) else { throw Failure("there is no file \(file)") }
                if let own = settings.database.file, Files.absolute(own.path) == file {
                    throw Failure("\(file) is the database of the configuration itself: name a server (database.host)")
                }
                try DatabaseFile.check(settings)
                try directory.prepare()
                guard let lock = try FileLock(path: directory.lockFile) else {
                    throw Failure("a gatehouse serves \(directory.path); end it first: gatehouse stop")
                }
                let shared = try SharedState(of: settings.dataPath)
                // Nothing has told of what is written here.
                defer { shared.generations.invalidateEverything() }
                let source = try DatabaseSession(DatabaseOptions(path: file), registry: try DatabaseCopy.registry())
                let database = settings.database(writingWith: shared, isTold: false)
                let target = try DatabaseSession(database, registry: try DatabaseCopy.registry())
                try requireSchema(source, file, settings)
                try requireSchema(target, "the database of the configuration", settings)
                try copy(DatabaseCopy(from: source, to: target))
                let registry = try Statements.registry(for: database.dialect)
                try ChangeLog.tellEverything(try DatabaseSession(database, registry: registry))
                withExtendedLifetime(lock) {}
            }
        }

        private func requireSchema(_ session: DatabaseSession, _ name: String, _ settings: Settings) throws {
            let (found, needed) = (try session.schemaVersion(), try Schema.migrator().latestVersion)
            guard found == needed else {
                throw Failure(
                    "\(name) has schema \(found), and this program copies schema \(needed): migrate it first (up --all)"
                )
            }
        }

        private func copy(_ copy: DatabaseCopy) throws {
            let total = try copy.rowCount()
            let interruption = try Interruption()
            let start = ContinuousClock.now
            do {
                let written = try steps("copy", total) { progress in
                    try copy.run { done in
                        guard !interruption.isWanted else {
                            throw Failure("interrupted; what was copied is there, and the next copy goes on behind it")
                        }
                        progress(done)
                    }
                }
                let compared = try steps("compare", total) { progress in try copy.verify { progress($0) } }
                try Output.line(
                    "copied \(written) rows, compared \(compared), in \(start.duration(to: .now).inSeconds)"
                )
            } catch let difference as DatabaseCopy.Difference {
                throw Failure(
                    "\(difference): the database of the configuration has to be empty, or hold a part of this copy"
                )
            }
        }

        private func steps(_ label: String, _ total: Int, _ work: ((Int) -> Void) throws -> Int) throws -> Int {
            var bar = ProgressBar(label, total: total)
            defer { bar.finish() }
            return try work { bar.show($0) }
        }
    }
}
