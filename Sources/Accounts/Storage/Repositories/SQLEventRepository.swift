internal import Database
internal import Domain
internal import JSON

/// The log of events in a database, for the length of one transaction.
struct SQLEventRepository: EventRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func append(_ events: [NewEvent]) throws {
        let transaction = try writing()
        for event in events {
            let actor = event.actor.columns
            try transaction.submit(
                EventStatements.insert,
                event.id.databaseValue,
                event.happening.type.rawValue,
                event.instant,
                event.happening.subject.databaseValue,
                actor.kind,
                actor.id,
                actor.credential,
                actor.credentialID,
                event.origin.address,
                event.origin.requestID,
                event.origin.traceparent,
                event.happening.json
            )
        }
    }

    func place(of consumer: String) throws -> Int64? {
        try reader.row(ConsumerStatements.place, consumer) { try $0.int64(0) }
    }

    func begin(consumer: String, atFirst: Bool) throws {
        let transaction = try writing()
        if transaction.dialect == .postgreSQL {
            // So that the last event is the last one that was committed.
            while try transaction.numberEvents() == DatabaseTransaction.mostNumbered {}
        }
        try transaction.execute(ConsumerStatements.begin, consumer, atFirst)
    }

    func state(of consumer: String) throws -> ConsumerState? {
        try reader.row(ConsumerStatements.state, consumer) { row in
            ConsumerState(
                behind: try row.int(0),
                waiting: try row.int(1),
                givenUp: try row.int(2),
                failingSince: try row.optionalInt64(3).map(Timestamp.init(microseconds:)),
                reason: try row.string(4)
            )
        }
    }

    func deadLetters(of consumer: String, limit: Int) throws -> [DeadLetter] {
        try reader.rows(ConsumerStatements.deadLetters, consumer, limit) { row in
            DeadLetter(
                eventID: try row.uuid(0),
                type: try row.string(1),
                attempts: try row.int(2),
                givenUpAt: try row.timestamp(3),
                reason: try row.string(4)
            )
        }
    }

    func tellAgain(of consumer: String, at instant: Timestamp) throws -> Int {
        let transaction = try writing()
        let count = try transaction.execute(ConsumerStatements.revive, consumer, instant, Self.mostRevived)
        guard count > 0 else { return 0 }
        try transaction.execute(ConsumerStatements.order, consumer, instant)
        try beginAnew(consumer: consumer)
        return count
    }

    func beginAnew(consumer: String) throws {
        try writing().execute(ConsumerStatements.beginAnew, consumer)
    }

    private static let mostRevived = 1000

    func end(consumer: String) throws {
        try writing().execute(ConsumerStatements.end, consumer)
    }
}

extension Actor {
    fileprivate var columns: (kind: String, id: UserID?, credential: String?, credentialID: DatabaseValue) {
        switch self {
        case .user(let id, .session(let session)): ("user", id, "session", session.databaseValue)
        case .user(let id, .key(let key)): ("user", id, "key", key.databaseValue)
        case .machineOperator: ("operator", nil, nil, .null)
        case .anyone: ("anyone", nil, nil, .null)
        }
    }
}

extension Happening {
    /// What is told along, as a JSON object.
    fileprivate var json: String {
        var writer = JSONWriter(capacity: 128)
        let members = details.map { name, value in JSONObject.Member(name: name, value: value.json) }
        JSONObject(members).write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Happening.Value {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .texts(let texts): .array(texts.map(JSONValue.string))
        case .instant(let instant): instant.map { .string(RFC3339.string(microseconds: $0.microseconds)) } ?? .null
        }
    }
}
