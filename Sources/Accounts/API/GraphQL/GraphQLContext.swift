internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import Pagination
internal import Services

/// What resolvers ask: the same services as the handlers of REST.
///
/// A class, so that each request carries one reference and not all of them.
final class GraphQLServices {
    let users: UserService
    let sessions: SessionService
    let passwords: PasswordService
    let keys: APIKeyService
    let audit: AuditService
    let webhooks: WebhookService
    /// What is done by mail; nil where none is sent.
    let confirmations: ConfirmationService?
    let receipts: ReceiptService
    let signing: any CursorSigning
    /// What limits requests; nil where nothing does.
    let limits: RequestLimits?
    /// Whether a change of a user has to name the version that it is meant for.
    let requiresVersion: Bool

    init(
        users: UserService,
        sessions: SessionService,
        passwords: PasswordService,
        keys: APIKeyService,
        audit: AuditService,
        webhooks: WebhookService,
        confirmations: ConfirmationService?,
        receipts: ReceiptService,
        signing: any CursorSigning,
        limits: RequestLimits?,
        requiresVersion: Bool
    ) {
        self.users = users
        self.sessions = sessions
        self.passwords = passwords
        self.keys = keys
        self.audit = audit
        self.webhooks = webhooks
        self.confirmations = confirmations
        self.receipts = receipts
        self.signing = signing
        self.limits = limits
        self.requiresVersion = requiresVersion
    }
}

/// One request as resolvers see it: who asks, what may be asked, and what was read for it already.
final class GraphQLContext {
    let request: Request
    let services: GraphQLServices
    /// What makes each change once.
    let changes: OnceForEachField
    /// Header fields of the answer, such as cookies.
    var fields: [Response.Field] = []
    private let caller: Principal?
    /// Whether the request has changed something, so that what was read before may be old.
    private var isChanged = false
    // Made when somebody first asks.
    private lazy var users = BatchLoader<UserID, User>()
    private lazy var sessions = BatchLoader<UserID, [Session]>()
    private lazy var keys = BatchLoader<UserID, [APIKey]>()

    init(_ request: Request, by caller: Principal?, services: GraphQLServices, changes: OnceForEachField) {
        self.request = request
        self.caller = caller
        self.services = services
        self.changes = changes
    }

    /// Who asks, where somebody is signed in.
    var anyone: Principal? { caller }

    /// Who asks.
    ///
    /// Throws `unauthenticated` where nobody is signed in.
    func signedIn() throws -> Principal {
        guard let caller else { throw DomainError.unauthenticated }
        return caller
    }

    /// Who asks, an administrator.
    ///
    /// Throws `unauthenticated` and `forbidden`.
    func administrator() throws -> Principal {
        let caller = try signedIn()
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return caller
    }

    /// The users with these ids, in their order; nil for those that there are not, or that the caller may not see.
    func users(_ ids: [UserID]) throws -> [User?] {
        let caller = try signedIn()
        return try users.values(ids) { ids in
            var found: [UserID: User] = [:]
            // The caller has been read already.
            if !isChanged, ids.contains(caller.user.id) { found[caller.user.id] = services.users.profile(of: caller) }
            for user in try services.users.find(ids.filter { found[$0] == nil }, by: caller) { found[user.id] = user }
            return found
        }
    }

    /// The sessions of users, in the order of these.
    func sessions(of users: [User]) throws -> [[ShownSession]] {
        let caller = try signedIn()
        let found = try sessions.values(users.map(\.id)) { try services.sessions.lists(of: $0, by: caller) }
        return found.map { ($0 ?? []).map(shown) }
    }

    /// The API keys of users, in the order of these.
    func keys(of users: [User]) throws -> [[APIKey]] {
        let caller = try signedIn()
        return try keys.values(users.map(\.id)) { try services.keys.lists(of: $0, by: caller) }.map { $0 ?? [] }
    }

    /// A session as its user sees it.
    func shown(_ session: Session) -> ShownSession {
        ShownSession(session: session, isCurrent: session.id == caller?.sessionID)
    }

    /// Forgets what was read, since something has been changed.
    func forget() {
        isChanged = true
        users.removeAll()
        sessions.removeAll()
        keys.removeAll()
    }
}
