internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Pagination

/// What a client asks of the list of users, read from its query.
struct UserListing {
    /// By the number of a page, or by a cursor.
    enum Part {
        case page(PageRequest)
        case step(WalkRequest)
    }

    let list: UserList
    let part: Part
    let fields: AttributeSelection
    /// The filters as they stand in links.
    private let filters: [(name: String, value: String)]
    private let options: [(name: String, value: String)]
    private let identity: ListIdentity

    /// - Throws: ``HTTPError`` 400: what no index serves, a page too deep, a cursor of another list or of nobody.
    init(_ query: MemberValues, signing: some CursorSigning) throws {
        let sort = query[UserQuery.sort] ?? .newestFirst
        filters = Self.filters(query)
        list = try Self.list(query, sort, filters)
        identity = ListIdentity(order: UInt8(truncatingIfNeeded: list.sort.number), filters: filters)
        fields = query[UserQuery.fields] ?? .all
        let size = query[UserQuery.perPage] ?? PageRequest.defaultSize
        options = Self.options(query, size)
        if let cursor = query[UserQuery.cursor] {
            guard query[UserQuery.page] == nil else { throw Self.invalid("page", "cannot be combined with cursor") }
            part = .step(try WalkRequest(Self.step(cursor, in: identity, signing), size: size))
        } else {
            do throws(InvalidValue) {
                part = .page(try PageRequest(number: query[UserQuery.page] ?? 1, size: size))
            } catch {
                throw Self.invalid("page", error.message)
            }
        }
    }

    /// Links that carry on what the query asked for.
    var links: PageLinks { PageLinks(path: "/api/v1/users", parameters: options + filters) }

    /// The text of a cursor for a step, or nil where there is none to take.
    func cursor(_ step: WalkRequest.Step?, signing: some CursorSigning) -> String? {
        switch step {
        case .after(let position): Cursor(.after, values: position.cursorValues).text(in: identity, signing: signing)
        case .before(let position): Cursor(.before, values: position.cursorValues).text(in: identity, signing: signing)
        case .begin, nil: nil
        }
    }

    private static func step(
        _ text: String,
        in identity: ListIdentity,
        _ signing: some CursorSigning
    ) throws -> WalkRequest.Step {
        guard !text.isEmpty else { return .begin }
        guard let cursor = Cursor(text, in: identity, signing: signing),
            let position = UserPosition(cursorValues: cursor.values)
        else {
            throw HTTPError(
                .invalidCursor,
                "The cursor is none of this list. Send it with the sort and the filters that it came with.",
                details: [.init(field: "cursor", message: "is not valid here")]
            )
        }
        return switch cursor.direction {
        case .after: .after(position)
        case .before: .before(position)
        }
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

    /// In one sequence, whatever the client's was.
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

    private static func options(_ query: MemberValues, _ size: Int) -> [(name: String, value: String)] {
        var options = [(name: UserQuery.perPage.name, value: "\(size)")]
        if let sort = query[UserQuery.sort] { options.append((UserQuery.sort.name, UserSort.names[sort.number].name)) }
        if let fields = query[UserQuery.fields] {
            options.append((UserQuery.fields.name, User.representation.text(of: fields)))
        }
        return options
    }

    private static func invalid(_ field: String, _ message: String) -> HTTPError {
        HTTPError(.validation, "Invalid input", details: [.init(field: field, message: message)])
    }
}

extension Timestamp {
    fileprivate var text: String { RFC3339.string(microseconds: microseconds) }
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
