internal import Domain
internal import HTTPPipeline
internal import Pagination
internal import Services

/// What answers the list of users: by pages with numbers, or by cursors.
struct UserListHandler {
    let users: UserService
    let signing: any CursorSigning

    /// One page, or one stretch of a walk.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        let listing = try UserListing(call.query, signing: signing)
        let isCounted = Preferences(call.request.field(.prefer))["count"] != "none"
        var response: Response
        var links = listing.links
        switch listing.part {
        case .page(let request):
            let page = try users.page(request, of: listing.list, counting: isCounted, by: caller)
            response = .page(page.items, page: request.number, perPage: request.size, total: page.total) {
                User.representation.write($0, choosing: listing.fields, to: &$1)
            }
            links.addPages(
                around: request.number,
                size: request.size,
                hasNext: page.hasNext,
                total: page.total,
                deepestOffset: PageRequest.deepestOffset
            )
        case .step(let request):
            let stretch = try users.walk(request, of: listing.list, by: caller)
            let next = listing.cursor(stretch.next, signing: signing)
            let previous = listing.cursor(stretch.previous, signing: signing)
            response = .stretch(stretch.items, perPage: request.size, next: next, previous: previous) {
                User.representation.write($0, choosing: listing.fields, to: &$1)
            }
            links.addCursors(previous: previous, next: next)
        }
        response.add("Link", links.value)
        if !isCounted { response.add("Preference-Applied", "count=none") }
        return response.privately(varyingBy: "Prefer")
    }
}
