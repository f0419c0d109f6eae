internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Pagination

/// Which users a client asks for and in which order, with the cursors that lead through them.
struct UserSelection {
    let list: UserList
    /// The filters by name, in one sequence, whatever the client's was.
    let filters: [(name: String, value: String)]
    private let identity: ListIdentity

    /// Takes the filters and the order among some members, which ``UserQuery`` declares.
    ///
    /// - Throws: ``HTTPError`` 400 for what no index serves.
    init(_ members: MemberValues) throws {
        let sort = members[UserQuery.sort] ?? .newestFirst
        filters = Self.filters(members)
        list = try Self.list(members, sort, filters)
        identity = ListIdentity(order: UInt8(truncatingIfNeeded: list.sort.number), filters: filters)
    }

    /// The text of a cursor at a place of the list.
    func cursor(_ direction: Cursor.Direction, _ position: UserPosition, signing: some CursorSigning) -> String {
        Cursor(direction, values: position.cursorValues).text(in: identity, signing: signing)
    }

    /// The place at which a cursor stands, and the direction in which it was made to lead.
    ///
    /// - Throws: ``HTTPError`` 400 for a cursor of another list or of nobody; `name` is what the client sent it as.
    func place(
        of text: String,
        as name: String = UserQuery.cursor.name,
        signing: some CursorSigning
    ) throws -> (direction: Cursor.Direction, position: UserPosition) {
        guard let cursor = Cursor(text, in: identity, signing: signing),
            let position = UserPosition(cursorValues: cursor.values)
        else {
            throw HTTPError.cursorOfAnotherList(sentAs: name)
        }
        return (cursor.direction, position)
    }

    private static func list(
        _ query: MemberValues,
        _ sort: UserSort,
        _ filters: [(name: String, value: String)]
    ) throws -> UserList {
        let criteria = UserCriteria(
            role: query[UserQuery.role],
            status: query[UserQuery.status],
            createdAfter: query[UserQuery.createdAfter],
            createdBefore: query[UserQuery.createdBefore],
            email: query[UserQuery.email],
            emailPrefix: query[UserQuery.emailPrefix].map(FoldedPrefix.init(_:)),
            namePrefix: query[UserQuery.namePrefix].map(FoldedPrefix.init(_:))
        )
        do throws(InvalidValue) {
            return try UserList(criteria, sortedBy: sort)
        } catch {
            throw HTTPError(
                .validation,
                "No index serves this combination of filters and sort.",
                details: filters.map { .init(field: $0.name, message: error.message) }
            )
        }
    }

    private static func filters(_ query: MemberValues) -> [(name: String, value: String)] {
        let texts: [(String, String?)] = [
            (UserQuery.role.name, query[UserQuery.role]?.rawValue),
            (UserQuery.status.name, query[UserQuery.status]?.rawValue),
            (UserQuery.createdAfter.name, query[UserQuery.createdAfter]?.text),
            (UserQuery.createdBefore.name, query[UserQuery.createdBefore]?.text),
            (UserQuery.email.name, query[UserQuery.email]?.text),
            (UserQuery.emailPrefix.name, query[UserQuery.emailPrefix]),
            (UserQuery.namePrefix.name, query[UserQuery.namePrefix]),
        ]
        return texts.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension Timestamp {
    /// As the API writes it (RFC 3339).
    var text: String { RFC3339.string(microseconds: microseconds) }
}

extension UserPosition {
    /// The values as a cursor keeps them, at their full precision.
    fileprivate var cursorValues: [Cursor.Value] {
        let key: Cursor.Value =
            switch value {
            case .instant(let instant): .integer(instant.microseconds)
            case .text(let text): .bytes(Array(text.utf8))
            }
        return [key, .integer(Int64(bitPattern: id.uuid.high)), .integer(Int64(bitPattern: id.uuid.low))]
    }

    fileprivate init?(cursorValues values: [Cursor.Value]) {
        guard values.count == 3, case .integer(let high) = values[1], case .integer(let low) = values[2] else {
            return nil
        }
        let id = UserID(UUID(high: UInt64(bitPattern: high), low: UInt64(bitPattern: low)))
        switch values[0] {
        case .integer(let microseconds): self.init(.instant(Timestamp(microseconds: microseconds)), id)
        case .bytes(let bytes): self.init(.text(String(decoding: bytes, as: UTF8.self)), id)
        }
    }
}
