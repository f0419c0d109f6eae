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

    /// Opens the database, which must have the schema that this program needs.
    init(settings: Settings) throws {
        try CryptographyLibrary.initialize()
        let registry = try Statements.registry()
        try SchemaCheck.run(settings, registry)
        users = UserService(
            unitOfWork: SQLUnitOfWork(try DatabaseSession(settings.database, registry: registry)),
            passwords: try settings.makePasswordHasher(),
            commonPasswords: settings.commonPasswords,
            clock: KernelClock(),
            random: SecureRandomSource(),
            registrationIsOpen: false
        )
    }
}

/// The schema that this program works with.
enum SchemaCheck {
    /// - Throws: a sentence that names the command which mends it.
    static func run(_ settings: Settings, _ registry: StatementRegistry) throws {
        let session = try DatabaseSession(settings.database, registry: registry)
        let found = try session.schemaVersion()
        let needed = try Migrator(Schema.migrations).latestVersion
        if found == needed { return }
        if found > needed {
            // The program before an upgrade serves on beside the one after it: a step that only adds does it no harm.
            guard (try? registry.planViolations(in: session)) != nil else {
                throw Failure(
                    "the database has schema \(found), with which this program for schema \(needed) cannot work: run "
                        + "the newer program, or take the schema back with it (gatehouse migrate down)"
                )
            }
            return
        }
        throw Failure(
            "the database has schema \(found) and this program needs \(needed): "
                + "run gatehouse migrate up --data \(settings.dataPath)"
        )
    }
}
