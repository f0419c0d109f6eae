internal import Domain
internal import SharedMemory

/// Leases on clients' names for changes, over all workers of the machine.
struct SharedChangeLeases: ChangeLeases, Sendable {
    private let leases: SharedLeases

    /// Takes the leases in shared memory.
    init(_ leases: SharedLeases) {
        self.leases = leases
    }

    func withLease<Value>(on client: ReceiptKey, _ body: () throws -> Value) throws -> Value {
        func word(_ index: Int) -> UInt64 {
            client.bytes.dropFirst(8 * index).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        // Beside a process that was stopped in the middle of taking one there is none to be had.
        switch try? leases.take(high: word(0), low: word(1)) {
        case .held: throw DomainError.inProgress
        case .taken(let lease): return try withExtendedLifetime(lease) { try body() }
        case .full, nil: return try body()
        }
    }
}
