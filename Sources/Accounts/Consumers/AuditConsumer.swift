package import Domain
package import Events
package import Services

/// Lays the chain of the audit, in the order of the commits.
///
/// All that it does is in the store, and so done once.
package struct AuditConsumer: Consumer {
    private let chain: AuditChain

    /// Takes the chain.
    package init(chain: AuditChain) {
        self.chain = chain
    }

    package var name: String { AuditChain.consumer }

    package func record(_ attempts: [Attempt], in transaction: any Transaction) throws {
        guard let last = attempts.last else { return }
        try chain.extend(to: last.event.sequence, in: transaction)
    }
}
