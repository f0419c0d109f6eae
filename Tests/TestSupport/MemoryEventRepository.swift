import Domain

/// The log of events of a store in memory.
struct MemoryEventRepository: EventRepository {
    let transaction: MemoryTransaction

    func append(_ events: [NewEvent]) throws {
        transaction.state.events += events
    }

    func place(of consumer: String) throws -> Int64? {
        transaction.state.consumers[consumer].map(Int64.init)
    }

    func begin(consumer: String, atFirst: Bool) throws {
        guard transaction.state.consumers[consumer] == nil else { return }
        transaction.state.consumers[consumer] = atFirst ? 0 : transaction.state.events.count
    }

    func end(consumer: String) throws {
        transaction.state.consumers[consumer] = nil
    }
}
