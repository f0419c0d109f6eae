internal import Domain
internal import HTTPPipeline
internal import OpenAPI

/// What the routes of events and of the audit take and answer.
extension Contract {
    static let listAuditEvents = Contract("listAuditEvents", .events, "List who did what")
        .telling(
            "The newest first. One of `subject`, `actor` and `type` goes together with a stretch of time. What was done "
                + "within the last second may be missing yet."
        )
        .taking(query: AuditQuery.audit)
        .answering(
            .ok,
            "A part of the audit.",
            Envelope.list(of: .object(AuditRecord.representation.shape), meta: Envelope.stretch),
            .link,
            .cacheControl,
            .vary
        )

    static let listEvents = Contract("listEvents", .events, "Read what happened")
        .telling(
            "The oldest first, as CloudEvents, in the order in which it happened. Whoever sends `meta.last` as `after` the "
                + "next time misses nothing."
        )
        .taking(query: AuditQuery.events)
        .answering(
            .ok,
            "A part of the log.",
            Envelope.list(of: .object(EventRepresentation.value.shape), meta: EventRepresentation.meta),
            .cacheControl,
            .vary
        )
}
