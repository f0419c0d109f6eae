internal import Domain
internal import HTTPPipeline
internal import JSON

extension AuditRecord {
    /// How the API shows an event to those who look after the accounts.
    static let representation = Representation<AuditRecord>(
        "AuditEvent",
        [
            .uuid("id", "Never changes.", example: Example.id) { $0.id.description },
            Attribute("sequence", .integer(1...Int64.max), "Its place in the log.", example: 42) { record, writer in
                writer.integer(record.sequence)
            },
            .string("type", .string(length: 1...100), "What happened, with a version.", example: "user.created.v1") {
                $0.type
            },
            .timestamp("occurred_at", "When.", example: Example.instant) { $0.instant.microseconds },
            .uuid("subject", "The id of the user whom it concerns.", example: Example.otherID) {
                $0.subject.description
            },
            .object("actor", ActorRepresentation.value, "Who did it.") { $0.actor },
            .string("address", .string(length: 0...64), "From where; empty: at the machine.", example: "192.0.2.7") {
                $0.origin.address
            },
            .string(
                "request_id",
                .string(length: 0...64),
                "By which request, as in the logs; empty: by a command.",
                example: "59e56ab90eed6c63ea7b59eb95350003"
            ) { $0.origin.requestID },
            dataAttribute,
        ]
    )

    /// What else there is to know.
    fileprivate static let dataAttribute = Attribute<AuditRecord>(
        "data",
        .any,
        "What else there is to know, by the type: an object.",
        example: JSONValue.object(JSONObject([.init(name: "role", value: "member")]))
    ) { $0.parsedData.write(to: &$1) }.giving { $0.parsedData }

    /// Stored by this program as JSON; what somebody has made of it shall not break the answer.
    private var parsedData: JSONValue { (try? JSONReader.read(Array(data.utf8))) ?? .null }
}

/// How the API shows who did something.
enum ActorRepresentation {
    /// What kinds there are.
    static let kinds = ["user", "operator", "anyone"]

    static let value = Representation<Actor>(
        nil,
        [
            .string(
                "kind",
                .choice(kinds),
                "A user, whoever works at the machine, or somebody who had not signed in.",
                example: "user"
            ) { $0.kind },
            id("id", "The user.", example: Example.id) { $0.userID?.description },
            id("session_id", "The session, where it was one.", example: Example.otherID) { $0.sessionID?.description },
            id("key_id", "The API key, where it was one.", example: .null) { $0.keyID?.description },
        ]
    )

    private static func id(
        _ name: String,
        _ about: String,
        example: JSONValue,
        _ value: @escaping @Sendable (Actor) -> String?
    ) -> Attribute<Actor> {
        Attribute(name, .nullable(.uuid), about, example: example) { actor, writer in
            guard let id = value(actor) else { return writer.null() }
            writer.string(id)
        }.giving { value($0).map(JSONValue.string) ?? .null }
    }
}

extension Actor {
    fileprivate var kind: String {
        switch self {
        case .user: "user"
        case .machineOperator: "operator"
        case .anyone: "anyone"
        }
    }

    /// The user, where it was one.
    var userID: UserID? { if case .user(let id, _) = self { id } else { nil } }
    fileprivate var sessionID: SessionID? { if case .user(_, .session(let id)) = self { id } else { nil } }
    fileprivate var keyID: APIKeyID? { if case .user(_, .key(let id)) = self { id } else { nil } }
}

/// How consumers see an event: as in CloudEvents 1.0, in its JSON format.
enum EventRepresentation {
    static let value = Representation<AuditRecord>(
        "Event",
        [
            .string("specversion", .choice(["1.0"]), "The version of CloudEvents.", example: "1.0") { _ in "1.0" },
            .uuid("id", "By what it is known again.", example: Example.id) { $0.id.description },
            .string("source", .string(length: 1...100), "Who tells of it.", example: .string(EventType.source)) { _ in
                EventType.source
            },
            .string("type", .string(length: 1...100), "What happened, with a version.", example: "user.created.v1") {
                $0.type
            },
            .timestamp("time", "When.", example: Example.instant) { $0.instant.microseconds },
            .uuid("subject", "The id of the user whom it concerns.", example: Example.otherID) {
                $0.subject.description
            },
            .string("sequence", .string(length: 20...20), "Its place in the log.", example: "00000000000000000042") {
                sequence($0.sequence)
            },
            .string(
                "traceparent",
                .string(length: 1...64),
                "The trace of the request; left out where there was none.",
                example: "00-59e56ab90eed6c63ea7b59eb95350003-ea7b59eb95350003-00"
            ) { $0.origin.traceparent ?? "" }.shown { $0.origin.traceparent != nil },
            AuditRecord.dataAttribute,
        ]
    )

    /// As texts they stand in the order of the numbers.
    private static func sequence(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }

    /// The `meta` of a part of the log.
    static let meta = ValueSchema.object(
        ObjectShape(
            "EventMeta",
            [
                .init("per_page", .integer(1...Int64.max), about: "The most events of an answer.", example: 20),
                .init("last", .integer(0...Int64.max), about: "To be sent as `after` the next time.", example: 42),
            ]
        )
    )
}
