internal import Consumers
internal import Domain
internal import Security
internal import Services

/// Who is told of events, and by what.
struct EventConsumers {
    private let unitOfWork: any UnitOfWork

    /// Takes the store of the thread that asks.
    init(unitOfWork: any UnitOfWork) {
        self.unitOfWork = unitOfWork
    }

    /// All consumers as they are now; each has a place in the store.
    func present() throws -> [String: EventRelays.MakeConsumer] {
        [AuditChain.consumer: { AuditConsumer(chain: AuditChain(hashing: SHA256AuditHashing())) }]
    }
}
