internal import Cryptography
internal import Database
internal import Domain
internal import Linux
internal import Security
internal import Services
internal import Storage

/// Where the concrete parts of a command meet that works on the database.
struct CommandComposition {
    let users: UserService
    let sessions: SessionService
    let keys: APIKeyService
    let shared: SharedState

    /// Opens the database, which must be there and have the schema that this program needs.
    init(settings: Settings) throws {
        try CryptographyLibrary.initialize()
        try DatabaseFile.check(settings)
        shared = try SharedState(of: settings.dataPath)
        let registry = try Statements.registry()
        try SchemaCheck.run(settings, registry)
        let unitOfWork = SQLUnitOfWork(try DatabaseSession(settings.database(writingWith: shared), registry: registry))
        let passwords = try settings.makePasswordHasher(shared)
        let report = { (error: any Error) in StandardError.writeLine("gatehouse: \(error)") }
        users = UserService(
            unitOfWork: unitOfWork,
            passwords: passwords,
            commonPasswords: settings.commonPasswords,
            clock: KernelClock(),
            random: SecureRandomSource(),
            registrationIsOpen: false
        )
        sessions = SessionService(
            unitOfWork: unitOfWork,
            passwords: passwords,
            digests: SHA256TokenDigests(),
            clock: KernelClock(),
            random: SecureRandomSource(),
            policy: settings.sessionPolicy,
            report: report
        )
        keys = APIKeyService(
            unitOfWork: unitOfWork,
            digests: SHA256TokenDigests(),
            clock: KernelClock(),
            random: SecureRandomSource(),
            report: report
        )
    }
}

/// The file of the database, which opening would make.
enum DatabaseFile {
    /// - Throws: a sentence that names the command which makes it, or the user who may write to it.
    static func check(_ settings: Settings) throws {
        let path = settings.database.path
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
}

/// The schema that this program works with.
enum SchemaCheck {
    /// - Throws: a sentence that names the command which mends it.
    static func run(_ settings: Settings, _ registry: StatementRegistry) throws {
        let session = try DatabaseSession(settings.database, registry: registry)
        let found = try session.schemaVersion()
        let needed = try Schema.migrator().latestVersion
        if try fits(found, registry, session) { return }
        throw Failure(
            found > needed
                ? "the database has schema \(found), with which this program for schema \(needed) cannot work: run "
                    + "the newer program, or take the schema back with it (gatehouse migrate down)"
                : "the database has schema \(found) and this program needs \(needed): run \(settings.migrateCommand)"
        )
    }

    /// Whether this program can work with a schema of that version, which the session's database has.
    static func fits(_ found: Int, _ registry: StatementRegistry, _ session: DatabaseSession?) throws -> Bool {
        let needed = try Schema.migrator().latestVersion
        guard found > needed, let session else { return found == needed }
        // The program before an upgrade serves on beside the one after it: a step that only adds does it no harm.
        return (try? registry.planViolations(in: session)) != nil
    }
}
