import Domain

/// The chain over the log of a store in memory.
struct MemoryAuditRepository: AuditRepository {
    let transaction: MemoryTransaction

    func anchor() throws -> AuditMark { transaction.state.anchor }

    func head() throws -> AuditMark {
        guard let last = transaction.state.links.max(by: { $0.key < $1.key }) else { return try anchor() }
        return AuditMark(sequence: last.key, hash: last.value)
    }

    func entries(after sequence: Int64, limit: Int) throws -> [AuditEntry] {
        try records(after: sequence, limit: limit).map { record in
            let key = Array("\(record.type) \(record.instant) \(record.subject) \(record.actor)".utf8)
            let hash = transaction.state.links[record.sequence]
            return AuditEntry(
                sequence: record.sequence,
                content: Array("\(record)".utf8),
                key: key,
                hash: hash,
                chainedKey: hash == nil ? nil : key
            )
        }
    }

    func link(_ mark: AuditMark) throws {
        transaction.state.links[mark.sequence] = mark.hash
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let head = try head().sequence
        let expired = try records(after: transaction.state.anchor.sequence, limit: limit).prefix {
            $0.sequence < head && $0.instant < instant
        }
        guard let last = expired.last, let hash = transaction.state.links[last.sequence] else { return 0 }
        transaction.state.anchor = AuditMark(sequence: last.sequence, hash: hash)
        transaction.state.links = transaction.state.links.filter { $0.key > last.sequence }
        return expired.count
    }

    func records(_ slice: AuditSlice) throws -> [AuditRecord] {
        let chained = try records(after: 0, limit: .max).filter { transaction.state.links[$0.sequence] != nil }
        let wanted = chained.filter { record in
            let isWanted =
                switch slice.filter {
                case .everything: true
                case .subject(let id): record.subject == id
                case .actor(let id): if case .user(id, _) = record.actor { true } else { false }
                case .type(let type): record.type == type
                }
            return isWanted && record.instant > slice.after && Self.order(record.position) < Self.order(slice.before)
        }
        return Array(wanted.sorted { Self.order($0.position) > Self.order($1.position) }.prefix(slice.limit))
    }

    func records(after sequence: Int64, limit: Int) throws -> [AuditRecord] {
        let first = max(sequence, transaction.state.anchor.sequence)
        let events = transaction.state.events.enumerated().dropFirst(Int(first)).prefix(limit)
        return events.map { index, event in
            AuditRecord(
                sequence: Int64(index + 1),
                id: event.id,
                type: event.happening.type.rawValue,
                instant: event.instant,
                subject: event.happening.subject,
                actor: event.actor,
                origin: event.origin,
                data: "{}"
            )
        }
    }

    private static func order(_ position: AuditPosition) -> (Timestamp, Int64) {
        (position.instant, position.sequence)
    }
}
