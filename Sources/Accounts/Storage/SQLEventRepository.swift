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
            try transaction.execute(
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
        try writing().execute(ConsumerStatements.begin, consumer, atFirst)
    }

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
