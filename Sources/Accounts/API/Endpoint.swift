internal import Domain
internal import HTTPPipeline

/// What stands behind a method and a pattern: who may use it and what answers, and what it takes and answers.
struct Endpoint {
    /// Who may use it, and the handler.
    let access: Access
    /// What it takes and what it answers.
    let contract: Contract
    /// Finds the present version of the resource, for conditional requests; nil where it has none.
    var findRevision: ((PathParameters, Principal) throws -> Revision)?
    /// What limits it beside what limits every route.
    var limit: RouteLimit?
    /// Its place in the table.
    var number = 0
}
