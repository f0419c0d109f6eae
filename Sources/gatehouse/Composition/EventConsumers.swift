internal import Consumers
internal import Database
internal import Domain
internal import Logging
internal import Security
internal import Services
internal import Storage

/// Who is told of events, and by what.
struct EventConsumers {
    private let unitOfWork: any UnitOfWork
    private let makeMail: EventRelays.MakeConsumer?

    /// Takes the store of the thread that asks.
    init(
        unitOfWork: any UnitOfWork,
        settings: Settings,
        options: DatabaseOptions,
        registry: StatementRegistry,
        log: Logger
    ) throws {
        self.unitOfWork = unitOfWork
        guard let mail = settings.mail, let keys = settings.keys else {
            try MailComposition.end(in: unitOfWork)
            makeMail = nil
            return
        }
        try MailComposition.begin(in: unitOfWork)
        makeMail = {
            let unitOfWork = SQLUnitOfWork(try DatabaseSession(options, registry: registry))
            return try MailComposition.makeConsumer(mail, keys: keys, unitOfWork: unitOfWork, log: log)
        }
    }

    /// All consumers as they are now; each has a place in the store.
    func present() throws -> [String: EventRelays.MakeConsumer] {
        var consumers: [String: EventRelays.MakeConsumer] = [
            AuditChain.consumer: { AuditConsumer(chain: AuditChain(hashing: SHA256AuditHashing())) }
        ]
        consumers[MailConsumer.name] = makeMail
        return consumers
    }
}
