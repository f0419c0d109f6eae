internal import Database

/// A table as it is copied from one database into another: in the order of its key, some rows at a time.
struct CopiedTable: Sendable {
    /// What a column holds, the same on both engines.
    enum Kind: Sendable {
        case integer, text, bytes
    }

    let name: String
    /// How many columns, the first ones, are the key.
    let keyLength: Int
    let columns: [(name: String, kind: Kind)]
    /// Whether the schema itself puts rows there, which give way.
    let isFilled: Bool
    /// The rows in the order of the key, from the first one on.
    let first: StatementDefinition
    /// The rows behind a key.
    let next: StatementDefinition
    let count: StatementDefinition
    let insert: StatementDefinition
    /// Has the engine number new rows behind those that were copied; nil where it numbers none.
    let renumber: StatementDefinition?

    /// Takes the columns of the key and the others; `isFilled` where the schema itself puts rows there, `isNumbered` where
    /// the engine numbers rows by itself.
    init(
        _ name: String,
        key: [(name: String, kind: Kind)],
        _ others: [(name: String, kind: Kind)],
        isFilled: Bool = false,
        isNumbered: Bool = false
    ) {
        let columns = key + others
        let keys = key.map(\.name).joined(separator: ", ")
        let names = columns.map(\.name).joined(separator: ", ")
        let places = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
        let keyPlaces = (1...key.count).map { "?\($0)" }.joined(separator: ", ")
        let assignments = columns.map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")
        let conflict = isFilled ? " ON CONFLICT (\(keys)) DO UPDATE SET \(assignments)" : ""
        let override = isNumbered ? " OVERRIDING SYSTEM VALUE" : ""
        self.name = name
        self.columns = columns
        self.isFilled = isFilled
        keyLength = key.count
        first = StatementDefinition(
            "copy.first_of_\(name)",
            reads: [name],
            sql: "SELECT \(names) FROM \(name) ORDER BY \(keys) LIMIT ?1"
        )
        next = StatementDefinition(
            "copy.next_of_\(name)",
            reads: [name],
            sql: """
                SELECT \(names) FROM \(name) WHERE (\(keys)) > (\(keyPlaces)) ORDER BY \(keys) LIMIT ?\(key.count + 1)
                """
        )
        count = StatementDefinition("copy.count_of_\(name)", reads: [name], sql: "SELECT count(*) FROM \(name)")
        insert = StatementDefinition(
            "copy.insert_into_\(name)",
            writes: [name],
            sql: "INSERT INTO \(name) (\(names)) VALUES (\(places))\(conflict)",
            postgreSQL: "INSERT INTO \(name) (\(names))\(override) VALUES (\(places))\(conflict)"
        )
        renumber =
            isNumbered
            ? StatementDefinition(
                "copy.renumber_\(name)",
                writes: [name],
                sql: "SELECT 1",
                postgreSQL: """
                    SELECT setval(pg_get_serial_sequence('\(name)', '\(keys)'), greatest((SELECT max(\(keys)) FROM \(name)), 1))
                    """
            ) : nil
    }

    var statements: [StatementDefinition] { [first, next, count, insert] + [renumber].compactMap(\.self) }

    /// A row as it stands there.
    typealias Values = [DatabaseValue]

    /// Some rows behind the last one that was read.
    func rows(behind last: Values?, limit: Int, in reader: DatabaseReader) throws -> [Values] {
        let key = last.map { Array($0.prefix(keyLength)) } ?? []
        return try reader.rows(last == nil ? first : next, values: key + [.integer(Int64(limit))]) { row in
            var values: Values = []
            for (number, column) in columns.enumerated() {
                guard !row.isNull(number) else {
                    values.append(.null)
                    continue
                }
                switch column.kind {
                case .integer: values.append(.integer(try row.int64(number)))
                case .text: values.append(.text(try row.string(number)))
                case .bytes: values.append(.bytes(try row.bytes(number)))
                }
            }
            return values
        }
    }
}

extension CopiedTable {
    /// All tables, each behind those that it refers to.
    static let all = [
        CopiedTable(
            "users",
            key: [("id", .bytes)],
            [
                ("email", .text), ("email_folded", .text), ("name", .text), ("name_folded", .text), ("role", .text),
                ("status", .text), ("password_hash", .text), ("version", .integer), ("created_at", .integer),
                ("updated_at", .integer),
            ]
        ),
        CopiedTable(
            "sessions",
            key: [("id", .bytes)],
            [
                ("user_id", .bytes), ("token_digest", .bytes), ("created_at", .integer), ("last_seen_at", .integer),
                ("expires_at", .integer), ("ends_at", .integer), ("address", .text), ("user_agent", .text),
            ]
        ),
        CopiedTable(
            "api_keys",
            key: [("id", .bytes)],
            [
                ("user_id", .bytes), ("token_digest", .bytes), ("name", .text), ("access", .text),
                ("created_at", .integer), ("last_used_at", .integer), ("expires_at", .integer),
            ]
        ),
        CopiedTable(
            "confirmations",
            key: [("id", .bytes)],
            [
                ("purpose", .text), ("user_id", .bytes), ("email", .text), ("email_folded", .text),
                ("partner_id", .bytes), ("token_digest", .bytes), ("created_at", .integer), ("expires_at", .integer),
                ("confirmed_at", .integer),
            ]
        ),
        CopiedTable(
            "verified_addresses",
            key: [("user_id", .bytes)],
            [("email_folded", .text), ("verified_at", .integer)]
        ),
        CopiedTable(
            "receipts",
            key: [("id", .integer)],
            [
                ("request", .bytes), ("client", .bytes), ("fingerprint", .bytes), ("status", .integer),
                ("answer", .bytes), ("changes", .text), ("created_at", .integer), ("expires_at", .integer),
            ],
            isNumbered: true
        ),
        CopiedTable(
            "events",
            key: [("sequence", .integer)],
            [
                ("id", .bytes), ("type", .text), ("occurred_at", .integer), ("subject", .bytes), ("actor", .text),
                ("actor_id", .bytes), ("credential", .text), ("credential_id", .bytes), ("address", .text),
                ("request_id", .text), ("traceparent", .text), ("data", .text),
            ]
        ),
        CopiedTable(
            "consumers",
            key: [("name", .text)],
            [
                ("sequence", .integer), ("turn", .integer), ("failures", .integer), ("failing_since", .integer),
                ("due_at", .integer), ("reason", .text),
            ],
            isFilled: true
        ),
        CopiedTable(
            "held_events",
            key: [("consumer", .text), ("sequence", .integer)],
            [
                ("subject", .bytes), ("attempts", .integer), ("since", .integer), ("due_at", .integer),
                ("given_up_at", .integer), ("reason", .text),
            ]
        ),
        CopiedTable(
            "audit_chain",
            key: [("sequence", .integer)],
            [
                ("hash", .bytes), ("occurred_at", .integer), ("type", .text), ("subject", .bytes),
                ("actor_id", .bytes),
            ]
        ),
        CopiedTable(
            "audit_anchor",
            key: [("id", .integer)],
            [("sequence", .integer), ("hash", .bytes)],
            isFilled: true
        ),
        CopiedTable(
            "webhooks",
            key: [("id", .bytes)],
            [
                ("url", .text), ("status", .text), ("secret", .bytes), ("created_at", .integer),
                ("updated_at", .integer),
            ]
        ),
        CopiedTable(
            "webhook_deliveries",
            key: [("id", .integer)],
            [
                ("webhook_id", .bytes), ("sequence", .integer), ("event_id", .bytes), ("type", .text),
                ("attempt", .integer), ("attempted_at", .integer), ("status", .integer), ("milliseconds", .integer),
                ("duration_us", .integer), ("outcome", .text), ("reason", .text),
            ],
            isNumbered: true
        ),
    ]
}
