package import Caching
internal import Domain
internal import HTTPPipeline

/// Where encoded responses are kept, and for how long.
package struct ResponseStore: Sendable {
    let cache: Cache
    let kind: CacheKind
    let ttl: Duration

    /// Takes a cache, the kind that its statistics call them, and how long one is kept: a second at least.
    package init(_ cache: Cache, kind: CacheKind, ttl: Duration) {
        self.cache = cache
        self.kind = kind
        self.ttl = ttl
    }

    /// What has happened to responses in this process.
    package var statistics: CacheStatistics { cache.statistics()[kind.number] }
}

/// The stage that answers a read with the response that was made for the same version before.
///
/// It stands behind authorisation: whether the caller may see it has been decided. A response is found by what
/// its entity tag consists of, which is the same for every caller: the row, its version and the version of the
/// representation. So a change needs to invalidate nothing here: it makes another tag. Routes that declare no revision
/// are not kept.
struct ResponseCaching: Stage {
    let store: ResponseStore?

    /// Answers, or passes the request on and keeps the response.
    ///
    /// - Throws: what the route's revision throws, such as notFound.
    func respond(
        to input: ConditionedRequest,
        next: (ConditionedRequest) throws -> Response
    ) throws -> Response {
        let routed = input.checked.authorised.routed
        guard let store, routed.request.method == .get || routed.request.method == .head,
            let findRevision = input.checked.authorised.findRevision
        else { return try next(input) }
        let revision = try input.revision ?? findRevision()
        let key = CacheKey(
            store.kind,
            revision.id.high,
            revision.id.low,
            UInt64(bitPattern: revision.version),
            UInt64(bitPattern: Int64(revision.representation)),
            bytes: routed.request.query
        )
        let record = routed.request.record
        record.cache = .hit
        return try store.cache.value(for: key, ttl: store.ttl) { found in
            // Between the look at the version and the read there may have been a change.
            found.value.status == .ok && found.value.field("ETag") == revision.tag.fieldValue ? [] : nil
        } load: {
            record.cache = .miss
            let response = try next(input)
            return Weighed(response, byteCount: response.body.count + 64 * response.fields.count)
        }.value
    }
}
