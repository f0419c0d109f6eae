internal import HTTPPipeline
internal import OpenAPI
internal import Services

/// What the routes of the service itself take and answer.
extension Contract {
    static let readHealth = Contract("readHealth", .service, "Ask for the health")
        .answering(.ok, "Requests are served.", .object(HealthReport.representation.shape), .cacheControl)
        .answering(.serviceUnavailable, "Requests cannot be served.", .object(HealthReport.representation.shape))

    static let readDocument = Contract("readDocument", .service, "Read this description")
        .taking(.ifMatch, .ifNoneMatch)
        .answering(.ok, "OpenAPI 3.1.", .any, .entityTag, .cacheControl, .vary)
        .answering(.notModified, "The client has the present version.", nil, .entityTag, .cacheControl, .vary)
        .refusing(.preconditionFailed, "The description has changed.", "If-Match does not hold: `PRECONDITION_FAILED`.")
}
