internal import Domain
internal import HTTPPipeline

/// The version that a resource has now, and that of the way it is shown.
struct Revision {
    let id: UUID
    let version: Int64
    let representation: Int

    /// The tag of the representation: the same for every caller.
    var tag: EntityTag { EntityTag("\(id).\(version).\(representation)") }
}

/// The stage that holds If-Match and If-None-Match against the present version, before anybody reads a body or makes
/// one.
///
/// A change is made only if the version that was found here is still the stored one: the handler passes it on, and the
/// transaction compares. Routes that declare no revision know no conditions.
struct ConditionalRequests: Stage {
    /// Whether PUT, PATCH and DELETE have to name the version that they are meant for.
    let requiresIfMatch: Bool

    /// Passes the request on, or answers 304.
    ///
    /// - Throws: ``HTTPError`` 400 for malformed fields, 428; `DomainError` preconditionFailed, and what the route's
    ///   revision throws, such as notFound: a condition on what is not there does not matter (RFC 9110, 13.2.1).
    func respond(
        to input: NamedRequest,
        next: (ConditionedRequest) throws -> Response
    ) throws -> Response {
        let (checked, named) = (input.checked, input.named)
        let request = checked.authorised.routed.request
        guard let findRevision = checked.authorised.findRevision else {
            return try next(ConditionedRequest(checked: checked, named: named, expectedVersion: nil))
        }
        let conditions = try Preconditions(of: request)
        if requiresIfMatch, conditions.ifMatch == nil, request.method != .get, request.method != .head {
            throw HTTPError(.preconditionRequired, "A change must name the version it is meant for, by If-Match.")
        }
        guard !conditions.isEmpty else {
            return try next(ConditionedRequest(checked: checked, named: named, expectedVersion: nil))
        }
        let revision = try findRevision()
        let tag = revision.tag
        switch conditions.verdict(on: tag, for: request.method) {
        case .failed:
            throw DomainError.preconditionFailed
        case .notModified:
            return Response(.notModified).tagged(tag).privately()
        case .proceed:
            return try next(
                ConditionedRequest(
                    checked: checked,
                    named: named,
                    expectedVersion: revision.version,
                    revision: revision
                )
            )
        }
    }
}

extension Response {
    /// Tells the tag of the representation.
    consuming func tagged(_ tag: EntityTag) -> Response {
        add("ETag", tag.fieldValue)
        return self
    }
}
