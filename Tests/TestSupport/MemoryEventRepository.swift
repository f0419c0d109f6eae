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

    func state(of consumer: String) throws -> ConsumerState? {
        transaction.state.consumers[consumer].map { place in
            ConsumerState(
                behind: transaction.state.events.count - place,
                waiting: 0,
                givenUp: 0,
                failingSince: nil,
                reason: ""
            )
        }
    }

    func deadLetters(of consumer: String, limit: Int) throws -> [DeadLetter] { [] }

    func tellAgain(of consumer: String, at instant: Timestamp) throws -> Int { 0 }

    func beginAnew(consumer: String) throws {}

    func end(consumer: String) throws {
        transaction.state.consumers[consumer] = nil
    }
}
