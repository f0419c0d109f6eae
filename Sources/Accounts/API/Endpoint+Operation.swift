internal import HTTPPipeline
internal import OpenAPI

extension Endpoint {
    /// The endpoint as the documentation tells it: its contract, and what follows from all that is declared of it.
    ///
    /// Every status that can occur is named, those that only nginx gives too.
    func operation(_ method: Method, _ pattern: String, requiresIfMatch: Bool) -> Operation {
        Operation(
            method,
            pattern,
            id: contract.id,
            tag: contract.tag.rawValue,
            summary: contract.summary,
            details: [access.about, contract.details].filter { !$0.isEmpty }.joined(separator: " "),
            security: access.security,
            parameters: path(pattern) + Parameter.all(of: contract.query) + contract.fields
                + fields(method, requiresIfMatch),
            body: contract.body?.documented(onlyForAdministrators: access.isForAdministrators),
            answers: answers(method, pattern, requiresIfMatch)
        )
    }

    private func path(_ pattern: String) -> [Parameter] {
        pattern.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            Parameter(.path, String($0.dropFirst().dropLast()), .uuid, "The id.", example: Example.id)
        }
    }

    private func fields(_ method: Method, _ requiresIfMatch: Bool) -> [Parameter] {
        var fields: [Parameter] = []
        if findRevision != nil {
            fields.append(method.isSafe || !requiresIfMatch ? .ifMatch : .requiredIfMatch)
            fields.append(.ifNoneMatch)
        }
        if access.looksAtCaller, !method.isSafe { fields.append(.requestedWith) }
        if mayBeNamed(method) { fields.append(.idempotencyKey) }
        return fields
    }

    /// Whether a client may give the change a name of its own.
    private func mayBeNamed(_ method: Method) -> Bool { method == .post && access.looksAtCaller }

    private func answers(_ method: Method, _ pattern: String, _ requiresIfMatch: Bool) -> [Answer] {
        var answers = contract.answers
        if mayBeNamed(method) { answers = answers.map { $0.isError ? $0 : $0.adding(.idempotencyReplayed) } }
        func add(_ more: Answer...) {
            for answer in more {
                if let index = answers.firstIndex(where: { $0.status == answer.status }) {
                    answers[index] = answers[index].merged(with: answer)
                } else {
                    answers.append(answer)
                }
            }
        }
        if access.looksAtCaller { add(Refusal.unauthorized) }
        if access.canForbid(method) { add(Refusal.forbidden) }
        if pattern.contains("{") { add(Refusal.notFound) }
        if findRevision != nil {
            add(Refusal.preconditionFailed)
            if method.isSafe { add(.notModified) } else if requiresIfMatch { add(Refusal.preconditionRequired) }
        }
        if contract.body != nil { add(Refusal.unsupportedMediaType) }
        if mayBeNamed(method) { add(Refusal.requestInProgress, Refusal.idempotencyKeyReused) }
        // Whatever the route: a query that is not known, an Accept that leaves nothing, what nginx makes sure of, and
        // what may always happen.
        add(
            Refusal.badRequest,
            Refusal.notAcceptable,
            Refusal.contentTooLarge,
            Refusal.uriTooLong,
            Refusal.tooManyRequests,
            Refusal.headersTooLarge,
            Refusal.fault,
            Refusal.badGateway,
            Refusal.unavailable,
            Refusal.timeout
        )
        return answers
    }
}

extension Access {
    /// Whether a token that is none is refused.
    var looksAtCaller: Bool {
        if case .anyone = self { false } else { true }
    }

    var isForAdministrators: Bool {
        if case .administrator = self { true } else { false }
    }

    fileprivate var security: Operation.Security {
        switch self {
        case .anyone: .none
        case .anyoneKnown: .optional
        case .signedIn, .signedInBySession, .administrator: .required
        }
    }

    /// Who may call, in words.
    fileprivate var about: String {
        switch self {
        case .anyone, .anyoneKnown: "For anyone."
        case .signedIn: "For whoever is signed in."
        case .signedInBySession: "For whoever is signed in by a session; not with an API key."
        case .administrator: "For administrators."
        }
    }

    /// Whether somebody who is known may be refused: by role, by kind of credential, for a key that only reads, or for
    /// a change by cookie that another site may have brought about.
    fileprivate func canForbid(_ method: Method) -> Bool {
        switch self {
        case .anyone: false
        case .anyoneKnown, .signedIn: !method.isSafe
        case .signedInBySession, .administrator: true
        }
    }
}
