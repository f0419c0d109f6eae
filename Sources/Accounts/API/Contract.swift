internal import HTTPPipeline
internal import JSON
internal import OpenAPI

/// What a route takes and what it answers, declared once: validation and documentation come from it.
///
/// Only what is the route's own stands here. What follows from the access, the pattern, the query, the body and the
/// revision of a route is added by ``Endpoint/operation(_:_:requiresIfMatch:)``.
struct Contract: Sendable {
    /// A name of its own among all routes, for generated clients.
    let id: String
    /// The group that it belongs to.
    let tag: Tag
    /// A few words.
    let summary: String
    /// What there is to know beyond that.
    private(set) var details = ""
    /// The parameters that the query may have.
    private(set) var query = QuerySchema()
    /// Header fields that change the answer.
    private(set) var fields: [Parameter] = []
    /// The body, or nil where there is none.
    private(set) var body: BodyDeclaration?
    /// What it is there for, and the refusals that are its own.
    private(set) var answers: [Answer] = []

    /// Names a route.
    init(_ id: String, _ tag: Tag, _ summary: String) {
        self.id = id
        self.tag = tag
        self.summary = summary
    }

    /// Tells more about it, in Markdown.
    func telling(_ details: String) -> Contract { with { $0.details = details } }

    /// Takes these parameters in its query.
    func taking(query: QuerySchema) -> Contract { with { $0.query = query } }

    /// Takes this body.
    func taking(body: BodyDeclaration) -> Contract { with { $0.body = body } }

    /// Looks at these header fields.
    func taking(_ fields: Parameter...) -> Contract { with { $0.fields += fields } }

    /// Answers so where all goes well.
    func answering(
        _ status: Status,
        _ about: String,
        _ content: ValueSchema? = nil,
        _ fields: Answer.Field...
    ) -> Contract {
        with { $0.answers.append(.success(status, about, content, fields: fields)) }
    }

    /// Refuses with this code in a case that only this route knows.
    func refusing(_ code: ErrorCode, _ message: String, _ about: String) -> Contract {
        with { $0.answers.append(Refusal.of(code, message, about)) }
    }

    private func with(_ change: (inout Contract) -> Void) -> Contract {
        var contract = self
        change(&contract)
        return contract
    }
}

/// A group of routes in the documentation.
enum Tag: String, CaseIterable {
    case users = "Users"
    case me = "Me"
    case sessions = "Sessions"
    case keys = "API keys"
    case events = "Events"
    case webhooks = "Webhooks"
    case mail = "Mail"
    case service = "Service"

    var about: String {
        switch self {
        case .users: "The accounts."
        case .me: "The caller's own account."
        case .sessions: "Signing in, and what came of it."
        case .keys: "Credentials for programs."
        case .events: "What happened, and who did it."
        case .webhooks: "Where events are sent to."
        case .mail: "What is done by mail: lost passwords, and addresses. Only where mail is sent."
        case .service: "How the service is, and this description."
        }
    }
}

/// What a route takes as its body, which may depend on who sends it.
struct BodyDeclaration: Sendable {
    private let common: ObjectSchema
    private let administrators: ObjectSchema?
    /// The members of the example beside those that are required.
    private let shown: [String]

    /// The same for everybody.
    static func of(_ schema: ObjectSchema, showing names: [String] = []) -> BodyDeclaration {
        BodyDeclaration(common: schema, administrators: nil, shown: names)
    }

    /// One for administrators, another for everybody else.
    static func of(_ schema: ObjectSchema, administrator: ObjectSchema) -> BodyDeclaration {
        BodyDeclaration(common: schema, administrators: administrator, shown: [])
    }

    /// What a caller may send.
    func schema(forAdministrator isAdministrator: Bool) -> ObjectSchema {
        isAdministrator ? administrators ?? common : common
    }

    /// What the documentation shows; where only administrators may call, what they may send.
    func documented(onlyForAdministrators: Bool) -> RequestBody {
        let kinds =
            onlyForAdministrators ? [schema(forAdministrator: true)] : [common, administrators].compactMap(\.self)
        return RequestBody(kinds, showing: shown)
    }
}
