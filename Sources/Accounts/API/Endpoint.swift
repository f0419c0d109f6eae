internal import Domain
internal import HTTPPipeline

/// What stands behind a method and a pattern: who may use it, what it takes, what answers.
struct Endpoint {
    /// Who may use it, and the handler.
    let access: Access
    /// The parameters that its query may have.
    let query: QuerySchema
    /// The body that it takes, or nil where it takes none.
    let body: ObjectSchema?
    /// Finds the present version of the resource, for conditional requests; nil where it has none.
    var findRevision: ((PathParameters, Principal) throws -> Revision)?
}
