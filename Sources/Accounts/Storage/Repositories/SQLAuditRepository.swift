internal import Database
internal import Domain

/// The chain over the log of events in a database, for the length of one transaction.
struct SQLAuditRepository: AuditRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func anchor() throws -> AuditMark {
        let anchor = try reader.row(AuditStatements.anchor) { try $0.mark() }
        guard let anchor else { throw StorageFault("the anchor of the audit is missing") }
        return anchor
    }

    func head() throws -> AuditMark {
        try reader.row(AuditStatements.head) { try $0.mark() } ?? anchor()
    }

    func entries(after sequence: Int64, limit: Int) throws -> [AuditEntry] {
        try reader.rows(AuditStatements.entries, sequence, limit) { try $0.entry() }
    }

    func link(_ mark: AuditMark) throws {
        try writing().submit(AuditStatements.link, mark.sequence, mark.hash)
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let transaction = try writing()
        let oldest = try transaction.rows(AuditStatements.expired, limit) { row in
            (mark: try row.mark(), instant: try row.timestamp(2))
        }
        let expired = oldest.prefix { $0.instant < instant }
        guard let last = expired.last?.mark else { return 0 }
        try transaction.execute(AuditStatements.moveAnchor, last.sequence, last.hash)
        try transaction.execute(AuditStatements.deleteLinks, last.sequence)
        try transaction.execute(AuditStatements.deleteEvents, last.sequence)
        return expired.count
    }

    func records(_ slice: AuditSlice) throws -> [AuditRecord] {
        let (after, before, limit) = (slice.after, slice.before, slice.limit)
        return switch slice.filter {
        case .everything:
            try reader.rows(AuditStatements.newest, after, before.instant, before.sequence, limit) { try $0.record() }
        case .subject(let id):
            try rows(AuditStatements.newestOfSubject, slice, id.databaseValue)
        case .actor(let id):
            try rows(AuditStatements.newestOfActor, slice, id.databaseValue)
        case .type(let type):
            try rows(AuditStatements.newestOfType, slice, .text(type))
        }
    }

    private func rows(
        _ statement: StatementDefinition,
        _ slice: AuditSlice,
        _ value: DatabaseValue
    ) throws -> [AuditRecord] {
        try reader.rows(
            statement,
            slice.after,
            slice.before.instant,
            slice.before.sequence,
            slice.limit,
            value
        ) { try $0.record() }
    }

    func records(after sequence: Int64, limit: Int) throws -> [AuditRecord] {
        try reader.rows(AuditStatements.recordsAfter, sequence, limit) { try $0.record() }
    }
}

extension Row {
    fileprivate func mark() throws -> AuditMark { AuditMark(sequence: try int64(0), hash: try bytes(1)) }

    /// Reads a record of the audit, whose columns stand first.
    fileprivate func record() throws -> AuditRecord {
        AuditRecord(
            sequence: try int64(0),
            id: try uuid(1),
            type: try string(2),
            instant: try timestamp(3),
            subject: try uuid(4),
            actor: try actor(),
            origin: RequestOrigin(
                address: try string(9),
                requestID: try string(10),
                traceparent: try optionalString(11)
            ),
            data: try string(12)
        )
    }

    private func actor() throws -> Actor {
        switch (try string(5), try optionalString(7)) {
        case ("user", "session"): .user(UserID(try uuid(6)), by: .session(SessionID(try uuid(8))))
        case ("user", "key"): .user(UserID(try uuid(6)), by: .key(APIKeyID(try uuid(8))))
        case ("operator", nil): .machineOperator
        case ("anyone", nil): .anyone
        case (let kind, _): throw StorageFault("an event was brought about by \(kind)")
        }
    }

    /// Reads an event as it stands there, whatever it is.
    fileprivate func entry() throws -> AuditEntry {
        var content: [UInt8] = []
        for column in 0...12 { append(column, to: &content) }
        var key: [UInt8] = []
        for column in [2, 3, 4, 6] { append(column, to: &key) }
        var chained: [UInt8] = []
        for column in [14, 15, 16, 17] { append(column, to: &chained) }
        let isChained = !isNull(13)
        return AuditEntry(
            sequence: try int64(0),
            content: content,
            key: key,
            hash: isChained ? try bytes(13) : nil,
            chainedKey: isChained ? chained : nil
        )
    }

    /// Appends a column with its kind and its length, so that no two rows come to the same bytes.
    private func append(_ column: Int, to content: inout [UInt8]) {
        func append(_ kind: Character, _ count: Int) {
            content.append(kind.asciiValue ?? 0)
            for shift in stride(from: 56, through: 0, by: -8) {
                content.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
        func append(_ kind: Character, _ bytes: Span<UInt8>) {
            append(kind, bytes.count)
            for index in bytes.indices { content.append(bytes[index]) }
        }
        if isNull(column) {
            append("n", 0)
        } else if let integer = try? int64(column) {
            append("i", Int(integer))
        } else if (try? withText(column) { append("t", $0) }) == nil {
            // The columns are strictly typed: what is neither is bytes.
            if (try? withBytes(column) { append("b", $0) }) == nil { append("?", 0) }
        }
    }
}
