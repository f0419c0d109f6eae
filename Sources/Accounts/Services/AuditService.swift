package import Domain

/// What can be done with the audit: who did what, when, from where, by which request.
///
/// All methods throw `DomainError.unavailable` when the store is too busy, and faults. Blocking; for one thread at a time, as
/// what it is made of.
package struct AuditService {
    private let unitOfWork: any UnitOfWork
    private let chain: AuditChain

    /// Puts the service together.
    package init(unitOfWork: any UnitOfWork, chain: AuditChain) {
        self.unitOfWork = unitOfWork
        self.chain = chain
    }

    // MARK: - The chain

    /// Holds every event against the chain.
    ///
    /// Each part is read by itself, so that nobody waits for it. Events that were committed a moment ago may not be in the
    /// chain yet.
    ///
    /// - Parameters:
    ///   - expected: marks that were noted before, each of which the chain must have.
    ///   - onFault: is told of each thing that is not as it was written.
    /// - Returns: how far the chain goes, and how many events it holds.
    /// - Throws: what `onFault` throws.
    package func verify(
        expecting expected: [AuditMark] = [],
        onFault: (AuditFault) throws -> Void
    ) throws -> AuditReport {
        var last = try unitOfWork.read { try $0.audit.anchor() }
        let first = last.sequence
        var expected = Dictionary(expected.map { ($0.sequence, $0.hash) }) { one, _ in one }
        func compare(_ mark: AuditMark) throws {
            if let noted = expected.removeValue(forKey: mark.sequence), noted != mark.hash {
                try onFault(.otherMark(mark.sequence))
            }
        }
        try compare(last)
        var pending = 0
        while true {
            let part = try unitOfWork.read { try Part(after: last.sequence, in: $0) }
            guard part.anchor.sequence <= last.sequence else {
                // What had its time was deleted meanwhile.
                last = part.anchor
                continue
            }
            guard !part.entries.isEmpty else {
                if part.end > last.sequence { try onFault(.missing(last.sequence + 1)) }
                for sequence in expected.keys.sorted() where sequence > first { try onFault(.otherMark(sequence)) }
                return AuditReport(head: part.head, count: Int(last.sequence - first) - pending, pending: pending)
            }
            for entry in part.entries {
                if entry.sequence != last.sequence + 1 { try onFault(.missing(last.sequence + 1)) }
                guard let hash = entry.hash else {
                    pending += 1
                    last = AuditMark(sequence: entry.sequence, hash: last.hash)
                    continue
                }
                if pending > 0 {
                    // The chain has no gaps: a link was taken out.
                    try onFault(.changed(entry.sequence - 1))
                    pending = 0
                } else if chain.mark(of: entry, after: last).hash != hash || entry.chainedKey != entry.key {
                    try onFault(.changed(entry.sequence))
                }
                // Told once: what follows is held against what stands there.
                last = AuditMark(sequence: entry.sequence, hash: hash)
                try compare(last)
            }
        }
    }

    /// A part of the log, and how far everything goes, as of one moment.
    private struct Part {
        let anchor: AuditMark
        let entries: [AuditEntry]
        let head: AuditMark
        /// The log goes so far at least.
        let end: Int64

        init(after sequence: Int64, in transaction: any Transaction) throws {
            anchor = try transaction.audit.anchor()
            entries = try transaction.audit.entries(after: sequence, limit: AuditChain.batchSize)
            head = try transaction.audit.head()
            end = max(head.sequence, try transaction.events.place(of: AuditChain.consumer) ?? 0)
        }
    }

    /// Deletes some events that happened before an instant; true where more may be left.
    ///
    /// The rest stays verifiable: it begins behind an anchor, which is the last link of what was deleted.
    package func deleteExpired(before instant: Timestamp) throws -> Bool {
        try unitOfWork.perform { try $0.audit.deleteExpired(before: instant, limit: AuditChain.batchSize) }
            == AuditChain.batchSize
    }

    // MARK: - Reading

    /// A part of the audit, and whether there is more behind it.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func list(_ slice: AuditSlice, by caller: some Caller) throws -> (items: [AuditRecord], hasNext: Bool) {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        let wider = AuditSlice(slice.filter, after: slice.after, before: slice.before, limit: slice.limit + 1)
        let rows = try unitOfWork.read { try $0.audit.records(wider) }
        return (Array(rows.prefix(slice.limit)), rows.count > slice.limit)
    }

    /// The events after a place in the log, in their order.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func events(after sequence: Int64, limit: Int, by caller: some Caller) throws -> [AuditRecord] {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { try $0.audit.records(after: sequence, limit: limit) }
    }

    /// Shows all events after a place in the log, a part at a time.
    ///
    /// Throws `forbidden` unless an administrator calls, and what `visit` throws.
    package func walk(after sequence: Int64, by caller: some Caller, visit: ([AuditRecord]) throws -> Void) throws {
        var last = sequence
        while true {
            let records = try events(after: last, limit: AuditChain.batchSize, by: caller)
            guard let end = records.last else { return }
            try visit(records)
            last = end.sequence
        }
    }
}

/// What is not as it was written.
package enum AuditFault: Hashable, Sendable, CustomStringConvertible {
    /// There is no event of this number, though there are later ones.
    case missing(Int64)
    /// An event, its link, or the one before it was changed, put in or moved.
    case changed(Int64)
    /// The chain does not have a mark that was noted for this number.
    case otherMark(Int64)

    /// For people.
    package var description: String {
        switch self {
        case .missing(let sequence): "event \(sequence) is missing"
        case .changed(let sequence): "event \(sequence) is not as it was written"
        case .otherMark(let sequence): "event \(sequence) has another mark than was noted"
        }
    }
}

/// How far the chain goes.
package struct AuditReport: Hashable, Sendable {
    /// The last link, to be noted elsewhere.
    package let head: AuditMark
    /// How many events the chain holds.
    package let count: Int
    /// How many events it has not come to yet.
    package let pending: Int
}
