/// The conditions that a request makes on the present representation (RFC 9110, section 13).
public struct Preconditions: Sendable {
    /// What is to be done.
    public enum Verdict: Sendable, Equatable {
        /// What was asked for.
        case proceed
        /// Nothing: the client has what it would get (304).
        case notModified
        /// Nothing: the resource is not what the client takes it for (412).
        case failed
    }

    /// If-Match: it must be one of these.
    public let ifMatch: EntityTagCondition?
    /// If-None-Match: it must be none of these.
    public let ifNoneMatch: EntityTagCondition?

    /// Reads the fields of a request.
    ///
    /// - Throws: ``HTTPError`` 400 for a malformed field: to pass over a condition would do what the client ruled out.
    public init(of request: Request) throws {
        ifMatch = try Self.condition(.ifMatch, of: request)
        ifNoneMatch = try Self.condition(.ifNoneMatch, of: request)
    }

    /// Whether there are none.
    public var isEmpty: Bool { ifMatch == nil && ifNoneMatch == nil }

    /// Holds the conditions against the present representation, If-Match first (RFC 9110, section 13.2.2).
    public func verdict(on current: EntityTag, for method: Method?) -> Verdict {
        if let ifMatch, !Self.holds(ifMatch, current.matchesStrongly) { return .failed }
        if let ifNoneMatch, Self.holds(ifNoneMatch, current.matchesWeakly) {
            return method == .get || method == .head ? .notModified : .failed
        }
        return .proceed
    }

    private static func holds(_ condition: EntityTagCondition, _ matches: (EntityTag) -> Bool) -> Bool {
        switch condition {
        case .any: true
        case .tags(let tags): tags.contains(where: matches)
        }
    }

    private static func condition(_ name: FieldName, of request: Request) throws -> EntityTagCondition? {
        guard let value = request.field(name) else { return nil }
        guard let condition = EntityTagCondition(value) else {
            throw HTTPError(.malformedRequest, "\(name.name) must be * or a list of entity tags in quotation marks.")
        }
        return condition
    }
}
