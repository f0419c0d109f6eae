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
        let selection = try AuditSelection(call.query)
        let size = call.query[AuditQuery.perPage] ?? PageRequest.defaultSize
        // An empty cursor begins.
        let cursor = call.query[AuditQuery.cursor].flatMap { $0.isEmpty ? nil : $0 }
        let slice = try selection.slice(behind: cursor, limit: size, signing: signing)
        let (items, hasNext) = try audit.list(slice, by: caller)
        let next = hasNext ? items.last.map { selection.cursor(after: $0.position, signing: signing) } : nil
        var response = Response.stretch(items, perPage: size, next: next, previous: nil) {
            AuditRecord.representation.write($0, to: &$1)
        }
        // They carry on what the query asked for.
        var links = PageLinks(
            path: "/api/v1/audit-events",
            parameters: [(AuditQuery.perPage.name, "\(size)")] + selection.filters
        )
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
