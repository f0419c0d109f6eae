package import Domain

/// A chain of hashes over the log of events: each is made of the one before and of all that is stored of an event.
///
/// Whoever changes, takes out, puts in or moves an event breaks it, unless all that follows is made anew; against that helps
/// who has noted a mark of it elsewhere (B. Schneier, J. Kelsey, "Secure audit logs to support computer forensics", 1999,
/// without its keys). It is laid a moment after the commits, in their order, by one process: in the transaction of a change
/// each would wait for the one before.
package struct AuditChain {
    /// The consumer of events that lays it.
    package static let consumer = "audit"
    /// So many events are worked on at once.
    package static let batchSize = 500

    private let hashing: any AuditHashing

    /// Takes what makes the hashes.
    package init(hashing: any AuditHashing) {
        self.hashing = hashing
    }

    /// Lays the chain on, up to an event.
    package func extend(to sequence: Int64, in transaction: any Transaction) throws {
        var head = try transaction.audit.head()
        while head.sequence < sequence {
            let entries = try transaction.audit.entries(after: head.sequence, limit: Self.batchSize)
            let due = entries.prefix { $0.sequence <= sequence }
            guard !due.isEmpty else { return }
            for entry in due {
                head = mark(of: entry, after: head)
                try transaction.audit.link(head)
            }
        }
    }

    /// The mark of an event, where another stands before it.
    func mark(of entry: AuditEntry, after mark: AuditMark) -> AuditMark {
        AuditMark(sequence: entry.sequence, hash: hashing.hash(of: mark.hash + entry.content))
    }
}
