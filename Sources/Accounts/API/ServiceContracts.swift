internal import HTTPPipeline
internal import OpenAPI
internal import Services

/// What the routes of the service itself take and answer.
extension Contract {
    static let readHealth = Contract("readHealth", .service, "Ask for the health")
        .answering(.ok, "Requests are served.", .object(HealthReport.representation.shape), .cacheControl)
        .answering(.serviceUnavailable, "Requests cannot be served.", .object(HealthReport.representation.shape))

    static let readReadiness = Contract("readReadiness", .service, "Ask whether requests should be sent")
        .telling("Not while the service starts or ends, and not while it is unhealthy. For load balancers.")
        .answering(.ok, "Requests are served.", .object(ReadinessRepresentation.value.shape), .cacheControl)
        .answering(
            .serviceUnavailable,
            "Requests should go elsewhere, or wait.",
            .object(ReadinessRepresentation.value.shape)
        )

    static let readLiveness = Contract("readLiveness", .service, "Ask whether the service lives")
        .telling("Only where it does not would starting it anew help. For whoever watches over processes.")
        .answering(.ok, "Requests are finished.", .object(LivenessRepresentation.value.shape), .cacheControl)
        .answering(
            .serviceUnavailable,
            "All that could serve is held by requests that do not end.",
            .object(LivenessRepresentation.value.shape)
        )

    static let readDocument = Contract("readDocument", .service, "Read this description")
        .taking(.ifMatch, .ifNoneMatch)
        .answering(.ok, "OpenAPI 3.1.", .any, .entityTag, .cacheControl, .vary)
        .answering(.notModified, "The client has the present version.", nil, .entityTag, .cacheControl, .vary)
        .refusing(.preconditionFailed, "The description has changed.", "If-Match does not hold: `PRECONDITION_FAILED`.")
}
