/// Where a request is on its way at a moment: in a stage, or waiting for something there.
public enum RequestPhase: Int, Sendable, CaseIterable {
    /// It was taken; its route is being found.
    case routing
    /// It is held against the limits.
    case limits
    /// It is being found out who asks.
    case authentication
    /// It is checked against what its route declares, and done.
    case handler
    /// It waits for the lock that writers of the database take first.
    case writeLock
    /// The database runs a statement.
    case statements
    /// It waits for the disk.
    case commit
    /// It waits for one of the permits to hash a password.
    case hashPermit
    /// A password is being hashed.
    case hash
    /// Its response is being sent.
    case response

    /// As logs and reports name it.
    public var name: String {
        switch self {
        case .routing: "routing"
        case .limits: "limits"
        case .authentication: "authentication"
        case .handler: "handler"
        case .writeLock: "write_lock"
        case .statements: "statements"
        case .commit: "commit"
        case .hashPermit: "hash_permit"
        case .hash: "hash"
        case .response: "response"
        }
    }
}
