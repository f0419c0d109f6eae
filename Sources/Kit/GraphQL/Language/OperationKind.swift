/// What an operation does (section 2.3).
public enum OperationKind: String, Sendable, Hashable, CaseIterable {
    /// Reads.
    case query
    /// Changes, and then reads.
    case mutation
    /// Follows a stream of events; not offered here, and refused by validation.
    case subscription
}
