internal import Cryptography
internal import Database
internal import Domain
internal import Linux
internal import Storage

/// Where the concrete parts of a command meet that works on the database.
struct CommandComposition {
    let services: AccountServices
    let unitOfWork: any UnitOfWork
    let shared: SharedState

    /// Opens the database, which must be there and have the schema that this program needs.
    init(settings: Settings) throws {
        try CryptographyLibrary.initialize()
        try DatabaseFile.check(settings)
        shared = try SharedState(of: settings.dataPath)
        let database = settings.database(writingWith: shared)
        let registry = try Statements.registry(for: database.dialect)
        try SchemaCheck.run(settings, registry)
        unitOfWork = SQLUnitOfWork(try DatabaseSession(database, registry: registry))
        let passwords = try settings.makePasswordHasher(shared)
        let report = { (error: any Error) in StandardError.writeLine("gatehouse: \(error)") }
        services = AccountServices(
            settings: settings,
            unitOfWork: unitOfWork,
            passwords: passwords,
            registrationIsOpen: false,
            report: report
        )
    }
}
