import API
import Caching
import Domain
import GraphQL
import HTTPPipeline
import JSON
import OpenAPI
import Services
import Stages
import TestSupport
import Testing

/// The whole pipeline over a store in memory, with everything a test may move.
///
/// Each answer is held against the laws that all answers obey; see ``AnswerLaws``.
final class Site {
    let unitOfWork = MemoryUnitOfWork()
    let clock = ManualClock()
    let probes = FakeProbes()
    let leases = MemoryChangeLeases()
    let hasher: CheapPasswordHasher
    var registrationIsOpen = false
    var bodyLimit = 4096
    var requiresIfMatch = false
    var document = PublishedDocument()
    var limits: RequestLimits?
    /// Whether there are the routes of what is done by mail, and addresses are changed by them alone.
    var sendsMail = true
    var confirmsAddresses = false
    /// How many workers have died under the next request.
    var crashes = 0
    /// The line that the log has about the last request.
    private(set) var lastLine = ""
    let responses = ResponseStore(
        Cache(generations: ProcessGenerations(), options: CacheOptions(budget: 1 << 20, now: { 0 })),
        kind: CacheKind("responses", number: 0, version: 1),
        ttl: .seconds(60)
    )
    /// What answers GraphQL, made when somebody first asks for it.
    private(set) lazy var graphQL: GraphQLParts? = GraphQLParts(
        profile: profile,
        hashing: CheapDocumentHashes(),
        documents: DocumentCache(),
        heavy: heavy
    )
    var profile = GraphQLProfile.draft2025
    var heavy = HeavyOperations(most: 1)
    /// What the services use in place of the store in memory, if there is something.
    private var store: (any UnitOfWork)?
    private let random = SeededRandom()
    private let log: LogReader
    private var requests = 0
    private var secrets = Secrets()

    /// Opens the site with its people.
    init() throws {
        log = try LogReader()
        hasher = CheapPasswordHasher(isForbidden: { [unitOfWork] in unitOfWork.isInTransaction })
        for person in Person.allCases { try store(person, in: unitOfWork) }
        try storeConfirmations()
        try storeWebhook()
    }

    /// Moves the people to another store, which is used from then on.
    func move(to store: any UnitOfWork) throws {
        for person in Person.allCases { try self.store(person, in: store) }
        self.store = store
    }

    /// Sends a request and gives the answer back.
    ///
    /// With `isTriedAgain` it is the last one once more, as the web server sends it where a worker has died.
    @discardableResult
    func send(_ sent: ClientRequest, isTriedAgain: Bool = false) throws -> Response {
        if !isTriedAgain { requests += 1 }
        let id = "request-\(requests)"
        let response = makePipeline().respond(to: sent.request(id: id))
        lastLine = try log.line()
        secrets.learn(from: sent)
        try AnswerLaws(sent: sent, id: id, response: response, line: lastLine).check(secrets)
        try secrets.learn(from: sent, answeredBy: response)
        return response
    }

    /// What the site promises, route by route.
    var operations: [OpenAPI.Operation] { makePipeline().operations }

    /// The routes that wait apart from others.
    var heavyRoutes: [String] { makePipeline().heavyRoutes.map { "\($0.method.rawValue) \($0.pattern)" } }

    private func makePipeline() -> Pipeline {
        let unitOfWork = store ?? self.unitOfWork
        let users = UserService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: CommonPasswords(),
            clock: clock,
            random: random,
            registrationIsOpen: registrationIsOpen,
            confirmsAddresses: confirmsAddresses
        )
        let sessions = SessionService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            digests: CheapTokenDigest(),
            clock: clock,
            random: random,
            policy: SessionPolicy(),
            report: { Issue.record($0) }
        )
        return Pipeline(
            users: users,
            sessions: sessions,
            passwords: PasswordService(
                unitOfWork: unitOfWork,
                passwords: hasher,
                commonPasswords: CommonPasswords(),
                clock: clock,
                random: random
            ),
            keys: APIKeyService(
                unitOfWork: unitOfWork,
                digests: CheapTokenDigest(),
                clock: clock,
                random: random,
                report: { Issue.record($0) }
            ),
            audit: audit,
            webhooks: WebhookService(
                unitOfWork: unitOfWork,
                sealing: CheapWebhookSealing(),
                targets: WebhookTargetsOutside(),
                clock: clock,
                random: random
            ),
            confirmations: sendsMail ? confirmations : nil,
            health: HealthService(probes: probes),
            receipts: ReceiptService(unitOfWork: unitOfWork, sealing: CheapReceiptSealing(), clock: clock),
            leases: leases,
            registrationIsOpen: registrationIsOpen,
            observer: RequestObserver(log: AccessLog(log.buffer, makeTraceID: { "0123456789abcdef0123456789abcdef" })),
            bodyLimit: bodyLimit,
            requiresIfMatch: requiresIfMatch,
            cursorSigning: FixedKeySigning(),
            limits: limits,
            responses: responses,
            graphQL: graphQL,
            version: "1.2.3",
            document: document,
            crashes: { [self] in crashes },
            makeRequestID: { "made-here" }
        )
    }

    /// The audit over the store.
    var audit: AuditService {
        AuditService(unitOfWork: store ?? unitOfWork, chain: AuditChain(hashing: CheapAuditHashing()))
    }

    /// What is done by mail.
    private var confirmations: ConfirmationService {
        ConfirmationService(
            unitOfWork: store ?? unitOfWork,
            passwords: hasher,
            commonPasswords: CommonPasswords(),
            digests: CheapTokenDigest(),
            tokens: CheapConfirmationTokens(),
            clock: clock,
            random: random,
            life: 1800
        )
    }

    /// One webhook, to which nothing was sent.
    private func storeWebhook() throws {
        let webhook = Webhook.fixture(1)
        try unitOfWork.perform { transaction in
            try transaction.webhooks.insert(webhook, sealedSecret: [])
            try transaction.events.begin(consumer: webhook.consumer, atFirst: false)
        }
    }

    /// Ben has asked for all that is done by mail; the tokens are those of the examples.
    private func storeConfirmations() throws {
        let ben = Person.ben.user
        let confirmations: [(Domain.Confirmation.Purpose, token: String, email: String)] = [
            (.passwordReset, "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", ben.email.text),
            (.verification, "gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE", ben.email.text),
            (.changeFrom, "gh_c_Y2hhbmdlIHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE", ben.email.text),
            (.changeTo, "gh_c_b3RoZXIgaGFsZiBvZiB0aGUgY2hhbmdlIG9mIGJlbiE", "benjamin@example.com"),
            // Another change, whose address is Emil's by now.
            (.changeFrom, "gh_c_dGFrZSB0aGUgYWRkcmVzcyBvZiBFbWlsIHBsZWFzZSE", ben.email.text),
            (.changeTo, "gh_c_b3RoZXIgaGFsZiBvZiB3aGF0IHdhbnRzIEVtaWwncyE", Person.emil.user.email.text),
        ]
        let partners: [UInt64?] = [nil, nil, 3, 2, 5, 4]
        try unitOfWork.perform { transaction in
            for (number, (purpose, token, email)) in confirmations.enumerated() {
                let confirmation = Domain.Confirmation(
                    id: .fixture(UInt64(number)),
                    purpose: purpose,
                    userID: purpose == .passwordReset ? nil : ben.id,
                    email: EmailAddress(stored: email),
                    partnerID: partners[number].map { .fixture($0) },
                    createdAt: .t0,
                    expiresAt: .t0.adding(seconds: 1800)
                )
                try transaction.confirmations.insert(
                    confirmation,
                    tokenDigest: CheapTokenDigest().digest(of: token)
                )
            }
            try transaction.confirmations.confirm(.fixture(5), at: .t0)
        }
    }

    private func store(_ person: Person, in unitOfWork: any UnitOfWork) throws {
        let passwordHash = person.password.map { PasswordHash("cheap$1$\($0)") }
        try unitOfWork.perform { transaction in
            try transaction.users.insert(person.user, passwordHash: passwordHash)
            for session in person.sessions {
                try transaction.sessions.insert(
                    session.session,
                    tokenDigest: CheapTokenDigest().digest(of: session.token)
                )
            }
        }
    }
}

/// Documents are known by FNV-1a, which is enough to tell those of a test apart.
private struct CheapDocumentHashes: DocumentHashing {
    func sha256(_ bytes: [UInt8]) -> [UInt8] {
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return (0..<32).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 % 8 * 8)) }
    }
}

/// What the health of the site depends on.
final class FakeProbes: HealthProbes {
    var database = true
    var cache = true
    var room = HealthReport.Disk.sufficient
    var inTheWay: Readiness.Obstacle?
    var stuck = false

    func databaseAnswers() -> Bool { database }
    func cacheAnswers() -> Bool { cache }
    func disk() -> HealthReport.Disk { room }
    func obstacle() -> Readiness.Obstacle? { inTheWay }
    func isStuck() -> Bool { stuck }
}
