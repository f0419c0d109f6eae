internal import Consumers
internal import Domain
internal import Security
internal import Services

/// Where the concrete parts of webhooks meet.
struct WebhookComposition: Sendable {
    private let keys: InstanceKeys
    private let targets: WebhookTargets

    /// Takes the secrets of the instance, which seal those of webhooks, and what may be reached.
    init(keys: InstanceKeys, targets: WebhookTargets) {
        self.keys = keys
        self.targets = targets
    }

    /// What administrators and operators do with webhooks.
    func service(_ unitOfWork: any UnitOfWork) -> WebhookService {
        WebhookService(
            unitOfWork: unitOfWork,
            sealing: InstanceWebhookSealing(keys),
            targets: targets,
            clock: KernelClock(),
            random: SecureRandomSource()
        )
    }

    /// What sends events to one of them; for one thread.
    func consumer(_ id: WebhookID, _ unitOfWork: any UnitOfWork) throws -> WebhookConsumer {
        WebhookConsumer(
            id: id,
            unitOfWork: unitOfWork,
            sealing: InstanceWebhookSealing(keys),
            transport: try CurlTransport(agent: "Gatehouse/\(Version.text)", targets: targets),
            clock: KernelClock()
        )
    }
}
