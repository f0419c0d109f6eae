internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Pagination
internal import Services

/// What answers the routes of events and of the audit.
struct AuditHandlers {
    let audit: AuditService
    let signing: any CursorSigning

    /// The audit, the newest first.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        let listing = try AuditListing(call.query, signing: signing)
        let (items, hasNext) = try audit.list(listing.slice, by: caller)
        let next = hasNext ? items.last.map { listing.cursor(after: $0.position, signing: signing) } : nil
        var response = Response.stretch(items, perPage: listing.slice.limit, next: next, previous: nil) {
            AuditRecord.representation.write($0, to: &$1)
        }
        var links = listing.links
        links.addCursors(previous: nil, next: next)
        response.add("Link", links.value)
        return response.privately()
    }

    /// The log after a place, in its order.
    func events(_ call: Call, by caller: Principal) throws -> Response {
        let first = Int64(call.query[AuditQuery.sequence] ?? 0)
        let size = call.query[AuditQuery.perPage] ?? PageRequest.defaultSize
        let items = try audit.events(after: first, limit: size, by: caller)
        let response = Response.list(.ok, items) {
            EventRepresentation.value.write($0, to: &$1)
        } meta: { meta in
            meta.member("per_page", size)
            meta.member("last", items.last?.sequence ?? first)
        }
        return response.privately()
    }
}

/// What a client asks of the audit, read from its query.
private struct AuditListing {
    let slice: AuditSlice
    /// The filters as they stand in links.
    private let filters: [(name: String, value: String)]
    private let identity: ListIdentity

    /// - Throws: ``HTTPError`` 400: more than one of subject, actor and type; a cursor of another list or of nobody.
    init(_ query: MemberValues, signing: some CursorSigning) throws {
        filters = Self.filters(query)
        // The orders of other lists have lower numbers.
        identity = ListIdentity(order: 200, filters: filters)
        let chosen: [(String, AuditSlice.Filter?)] = [
            (AuditQuery.subject.name, query[AuditQuery.subject].map(AuditSlice.Filter.subject)),
            (AuditQuery.actor.name, query[AuditQuery.actor].map { .actor(UserID($0)) }),
            (AuditQuery.type.name, query[AuditQuery.type].map(AuditSlice.Filter.type)),
        ]
        let given = chosen.filter { $0.1 != nil }
        guard given.count <= 1 else {
            throw HTTPError(
                .validation,
                "No index serves this combination of filters.",
                details: given.map { .init(field: $0.0, message: "cannot be combined with the others") }
            )
        }
        let last = AuditPosition(instant: query[AuditQuery.before] ?? Timestamp(microseconds: .max), sequence: 0)
        slice = AuditSlice(
            given.first?.1 ?? .everything,
            after: query[AuditQuery.after] ?? Timestamp(microseconds: .min),
            before: try Self.position(query[AuditQuery.cursor] ?? "", in: identity, signing) ?? last,
            limit: query[AuditQuery.perPage] ?? PageRequest.defaultSize
        )
    }

    /// Links that carry on what the query asked for.
    var links: PageLinks {
        PageLinks(path: "/api/v1/audit-events", parameters: [(AuditQuery.perPage.name, "\(slice.limit)")] + filters)
    }

    func cursor(after position: AuditPosition, signing: some CursorSigning) -> String {
        Cursor(.after, values: [.integer(position.instant.microseconds), .integer(position.sequence)])
            .text(in: identity, signing: signing)
    }

    private static func position(
        _ text: String,
        in identity: ListIdentity,
        _ signing: some CursorSigning
    ) throws -> AuditPosition? {
        guard !text.isEmpty else { return nil }
        guard let cursor = Cursor(text, in: identity, signing: signing), cursor.values.count == 2,
            case .integer(let microseconds) = cursor.values[0], case .integer(let sequence) = cursor.values[1]
        else { throw HTTPError.cursorOfAnotherList() }
        return AuditPosition(instant: Timestamp(microseconds: microseconds), sequence: sequence)
    }

    private static func filters(_ query: MemberValues) -> [(name: String, value: String)] {
        let texts: [(String, String?)] = [
            (AuditQuery.subject.name, query[AuditQuery.subject]?.description),
            (AuditQuery.actor.name, query[AuditQuery.actor]?.description),
            (AuditQuery.type.name, query[AuditQuery.type]),
            (AuditQuery.after.name, query[AuditQuery.after].map { RFC3339.string(microseconds: $0.microseconds) }),
            (AuditQuery.before.name, query[AuditQuery.before].map { RFC3339.string(microseconds: $0.microseconds) }),
        ]
        return texts.compactMap { name, value in value.map { (name, $0) } }
    }
}
