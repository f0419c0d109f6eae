package import Domain

/// Leases of one thread, which a test may have others hold.
package final class MemoryChangeLeases: ChangeLeases {
    /// Whether somebody else holds every lease that is asked for.
    package var areHeld = false

    /// How many are held now.
    package private(set) var held = 0

    /// Makes some that are free.
    package init() {}

    package func withLease<Value>(on client: ReceiptKey, _ body: () throws -> Value) throws -> Value {
        guard !areHeld else { throw DomainError.inProgress }
        held += 1
        defer { held -= 1 }
        return try body()
    }
}
