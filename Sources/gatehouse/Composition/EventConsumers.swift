internal import Consumers
internal import Domain
internal import Logging
internal import Security
internal import Services

/// Who is told of events, and by what.
struct EventConsumers {
    private let unitOfWork: any UnitOfWork
    private let webhooks: WebhookComposition
    private let makeMail: EventRelays.MakeConsumer?

    /// Takes the store of the thread that asks.
    init(unitOfWork: any UnitOfWork, settings: Settings, keys: InstanceKeys, log: Logger) throws {
        self.unitOfWork = unitOfWork
        webhooks = WebhookComposition(keys: keys, targets: settings.webhookTargets)
        guard let mail = settings.mail else {
            try MailComposition.end(in: unitOfWork)
            makeMail = nil
            return
        }
        try MailComposition.begin(in: unitOfWork)
        makeMail = { try MailComposition.makeConsumer(mail, keys: keys, unitOfWork: $0, log: log) }
    }

    /// All consumers as they are now; each has a place in the store.
    func present() throws -> [String: EventRelays.MakeConsumer] {
        var consumers: [String: EventRelays.MakeConsumer] = [
            AuditChain.consumer: { _ in AuditConsumer(chain: AuditChain(hashing: SHA256AuditHashing())) }
        ]
        consumers[MailConsumer.name] = makeMail
        for webhook in try unitOfWork.read({ try $0.webhooks.list() }) where webhook.status == .active {
            let (id, webhooks) = (webhook.id, webhooks)
            consumers[webhook.consumer] = { try webhooks.consumer(id, $0) }
        }
        return consumers
    }
}
