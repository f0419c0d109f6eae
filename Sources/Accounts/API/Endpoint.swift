internal import Domain
internal import HTTPPipeline

/// What stands behind a method and a pattern: who may use it and what answers, and what it takes and answers.
///
/// A class, since every context on a request's way holds it: a copy of so many members has to count many references.
final class Endpoint {
    /// Who may use it, and the handler.
    let access: Access
    /// What it takes and what it answers.
    let contract: Contract
    /// Finds the present version of the resource, for conditional requests; nil where it has none.
    let findRevision: ((PathParameters, Principal) throws -> Revision)?
    /// What limits it beside what limits every route.
    let limit: RouteLimit?
    /// Whether it always hashes a password, and so takes a thousand times as long as a read.
    let isHeavy: Bool
    /// Whether operations of GraphQL are answered here: what they take, give and need says their own schema.
    let isGraphQL: Bool
    /// Its place in the table.
    var number = 0

    /// Declares what a route is.
    init(
        access: Access,
        contract: Contract,
        findRevision: ((PathParameters, Principal) throws -> Revision)? = nil,
        limit: RouteLimit? = nil,
        isHeavy: Bool = false,
        isGraphQL: Bool = false
    ) {
        self.access = access
        self.contract = contract
        self.findRevision = findRevision
        self.limit = limit
        self.isHeavy = isHeavy
        self.isGraphQL = isGraphQL
    }
}
