package import Domain
internal import HTTPPipeline
package import RateLimiting
internal import Stages

/// How much of what is allowed; how each number is chosen stands in the table of the configuration.
package struct LimitPolicies: Sendable {
    /// Requests of an address.
    package let address: LimitPolicy
    /// Requests of a user, whatever they come with.
    package let user: LimitPolicy
    /// Tries to sign in from an address, to whatever account.
    package let signInAddress: LimitPolicy
    /// Tries of one address to sign in to one account.
    package let signIn: LimitPolicy
    /// The same over a longer time: who goes on trying waits longer.
    package let signInLong: LimitPolicy
    /// Tries to sign in to one account, from wherever; more than that and the account is under attack.
    package let signInAccount: LimitPolicy
    /// Tries of one address to sign in to one account that is under attack.
    package let signInAttacked: LimitPolicy
    /// Tries of a user to prove the present password in order to change it.
    package let passwordChange: LimitPolicy
    /// What the operations of GraphQL of a user can cost.
    package let graphQLCost: LimitPolicy
    /// Requests of an address for mails, and tries to show their tokens.
    package let mailAddress: LimitPolicy
    /// Mails to one address, whoever asks for them.
    package let mail: LimitPolicy

    /// Gathers the policies.
    package init(
        address: LimitPolicy,
        user: LimitPolicy,
        signInAddress: LimitPolicy,
        signIn: LimitPolicy,
        signInLong: LimitPolicy,
        signInAccount: LimitPolicy,
        signInAttacked: LimitPolicy,
        passwordChange: LimitPolicy,
        graphQLCost: LimitPolicy,
        mailAddress: LimitPolicy,
        mail: LimitPolicy
    ) {
        self.address = address
        self.user = user
        self.signInAddress = signInAddress
        self.signIn = signIn
        self.signInLong = signInLong
        self.signInAccount = signInAccount
        self.signInAttacked = signInAttacked
        self.passwordChange = passwordChange
        self.graphQLCost = graphQLCost
        self.mailAddress = mailAddress
        self.mail = mail
    }

    /// All of them, by number.
    package var all: [LimitPolicy] {
        [
            address, user, signInAddress, signIn, signInLong, signInAccount, signInAttacked, passwordChange,
            graphQLCost, mailAddress, mail,
        ]
    }

    /// Those that count what users do: their keys are ``LimitKey/user(_:)``.
    package var ofUsers: [LimitPolicy] { [user, passwordChange, graphQLCost] }

    /// Those that count tries of one address at one account: their keys are ``LimitKey/attempt(at:from:)``.
    package var ofAttempts: [LimitPolicy] { [signIn, signInLong, signInAttacked] }
}

/// What a route is limited by beside what every route is.
enum RouteLimit: Sendable {
    /// By the address, stricter: passwords can be guessed here.
    case signIn
    /// By the user, stricter: the user's own password can be guessed here.
    case passwordChange
    /// By the address, stricter: mails to others can be asked for here.
    case mail
}

/// The limits of requests: whom each is counted as, and under what.
package struct RequestLimits {
    let gate: LimitGate
    let policies: LimitPolicies

    /// Takes what counts, and how much is allowed.
    package init(_ limiter: any RateLimiter, _ policies: LimitPolicies) {
        gate = LimitGate(limiter)
        self.policies = policies
    }

    /// Before it is known who calls: by the address that nginx tells, and nothing that a client sends.
    func passAddress(_ routed: RoutedRequest<Endpoint>) throws {
        let key = ClientNetwork.key(of: routed.request.remoteAddress)
        try gate.pass(routed.request, as: key, under: policies.address)
        switch routed.endpoint.limit {
        case .signIn: try gate.pass(routed.request, as: key, under: policies.signInAddress)
        case .mail: try gate.pass(routed.request, as: key, under: policies.mailAddress)
        case .passwordChange, nil: break
        }
    }

    /// As soon as it is known: by the user, all sessions and keys together.
    func passUser(_ input: AuthenticatedRequest) throws {
        guard let caller = input.caller else { return }
        let key = LimitKey.user(caller.user.id)
        try gate.pass(input.routed.request, as: key, under: policies.user)
        if input.routed.endpoint.limit == .passwordChange {
            try gate.pass(input.routed.request, as: key, under: policies.passwordChange)
        }
    }

    /// A try to sign in by an interface whose routes do not tell: by the address alone, stricter.
    func passSignInAddress(_ request: Request) throws {
        try gate.pass(request, as: ClientNetwork.key(of: request.remoteAddress), under: policies.signInAddress)
    }

    /// A try to change the password by an interface whose routes do not tell.
    func passPasswordChange(_ request: Request, by caller: Principal) throws {
        try gate.pass(request, as: .user(caller.user.id), under: policies.passwordChange)
    }

    /// What an operation of GraphQL can cost, by the user.
    ///
    /// Not where nobody is signed in, who reads nothing of the store.
    func passCost(_ cost: Int, of request: Request, by caller: Principal?) throws {
        guard let caller else { return }
        try gate.pass(request, as: .user(caller.user.id), cost: cost, under: policies.graphQLCost)
    }

    /// A request for a mail, or a try to show a token, by an interface whose routes do not tell: by the address alone,
    /// stricter.
    func passMailAddress(_ request: Request) throws {
        try gate.pass(request, as: ClientNetwork.key(of: request.remoteAddress), under: policies.mailAddress)
    }

    /// A request for a mail, before anything is looked up: it is counted whether or not the address is anybody's.
    func passMail(_ request: Request, to email: EmailAddress) throws {
        try gate.pass(request, as: .account(email.text), under: policies.mail)
    }

    /// A try to sign in, before anything is looked up: whether there is such an account changes nothing.
    ///
    /// Each address has its own number of tries at an account, so that strangers elsewhere cannot use up the owner's. Many
    /// tries from everywhere make the number smaller for each address, and never nothing
    /// (docs/decisions/0012-limits-of-signing-in.md).
    func passSignIn(_ request: Request, email: String) throws {
        let attempt = LimitKey.attempt(at: email, from: request.remoteAddress)
        try gate.pass(request, as: attempt, under: policies.signIn)
        try gate.pass(request, as: attempt, under: policies.signInLong)
        if !gate.admits(.account(email), under: policies.signInAccount) {
            try gate.pass(request, as: attempt, under: policies.signInAttacked)
        }
    }
}

extension LimitKey {
    /// A user, by id.
    package static func user(_ id: UserID) -> LimitKey {
        LimitKey(Label(high: id.uuid.high, low: id.uuid.low))
    }

    /// An account, whether there is one or not, by what was typed as its address.
    package static func account(_ email: String) -> LimitKey {
        LimitKey(folded(email), label: Label(high: 0, low: 0))
    }

    /// The tries of one address at one account.
    package static func attempt(at email: String, from address: String) -> LimitKey {
        LimitKey(folded(email), label: ClientNetwork.key(of: address).label)
    }

    /// The same tries, by the label that an entry of a table shows.
    package static func attempt(at email: String, from label: Label) -> LimitKey {
        LimitKey(folded(email), label: label)
    }

    /// As the repository compares addresses; what is no address is compared in the same way.
    private static func folded(_ email: String) -> [UInt8] { Array(EmailAddress.folded(email).utf8) }
}
