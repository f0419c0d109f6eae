import API
import Domain
import HTTPPipeline
import JSON
import RateLimiting
import TestSupport
import Testing

/// What can be changed by GraphQL, by whom, and that it is changed once.
struct GraphQLChangeTests {
    private let site: Site

    init() throws {
        site = try Site()
        site.registrationIsOpen = true
        try site.unitOfWork.perform { transaction in
            try transaction.keys.insert(.fixture(1, of: Self.ben), tokenDigest: .fixture(1))
            try transaction.keys.insert(
                .fixture(2, of: Self.ben),
                tokenDigest: CheapTokenDigest().digest(of: Self.readOnlyKey)
            )
            try transaction.keys.insert(
                .fixture(3, of: Self.ben, access: .write),
                tokenDigest: CheapTokenDigest().digest(of: Self.writingKey)
            )
        }
    }

    private static let ada = UserID.fixture(Person.ada.rawValue)
    private static let ben = UserID.fixture(Person.ben.rawValue)
    private static let cleo = UserID.fixture(Person.cleo.rawValue)
    private static let webhook = WebhookID.fixture(1)
    private static let writingKey = "gh_k_" + "writing" + String(repeating: "A", count: 36)
    private static let readOnlyKey = "gh_k_" + "readonly" + String(repeating: "A", count: 35)

    /// A document with changes, and who sends it.
    struct Change: Sendable, CustomTestStringConvertible {
        let document: String
        let token: String?
        /// What stands at which path of the answer.
        var expected: (path: String, text: String)?
        var cookie = false

        var testDescription: String { document }

        func send(to site: Site, isTriedAgain: Bool = false, key: String? = nil) throws -> Response {
            var fields: [(name: String, value: String)] = []
            if cookie { fields = [("Cookie", "__Host-gatehouse=\(token ?? "")"), ("X-Requested-With", "fetch")] }
            if let key { fields.append(("Idempotency-Key", key)) }
            return try site.ask(
                "mutation \(document)",
                by: cookie ? nil : token,
                fields: fields,
                isTriedAgain: isTriedAgain
            )
        }
    }

    private static let changes = [
        Change(
            document: """
                { register(input: { email: "n@example.com", name: "N", password: "a long sentence of mine" }) {
                  user { id email role } } }
                """,
            token: nil,
            expected: ("register.user.role", "MEMBER")
        ),
        Change(
            document: """
                { createUser(input: { email: "n@example.com", name: "N", role: ADMIN, status: DISABLED }) {
                  user { id role status sessions { id } } } }
                """,
            token: Token.administrator,
            expected: ("createUser.user.status", "DISABLED")
        ),
        Change(
            document: """
                { createUsers(input: { users: [{ email: "a@example.com", name: "A" }, { email: "b@example.com", name: "B" }] }) {
                  users { email } } }
                """,
            token: Token.administrator,
            expected: ("createUsers.users.1.email", "b@example.com")
        ),
        Change(
            document: "{ updateUser(id: \"\(ben)\", input: { name: \"Benjamin\" }) { user { name version } } }",
            token: Token.member,
            expected: ("updateUser.user.name", "Benjamin")
        ),
        Change(
            document: "{ updateUser(id: \"\(ben)\", ifVersion: 1, input: { status: DISABLED }) { user { status } } }",
            token: Token.administrator,
            expected: ("updateUser.user.status", "DISABLED")
        ),
        Change(
            document: "{ updateUser(id: \"\(ada)\", input: { password: \"another long sentence\" }) { user { id } } }",
            token: Token.administrator,
            expected: ("updateUser.user.id", "\(ada)")
        ),
        Change(
            document: "{ deleteUser(id: \"\(ben)\") { id } }",
            token: Token.member,
            expected: ("deleteUser.id", "\(ben)")
        ),
        Change(
            document: """
                { changePassword(input: { current: "the password of ben", new: "another long sentence" }) {
                  user { id version } } }
                """,
            token: Token.member,
            expected: ("changePassword.user.id", "\(ben)")
        ),
        Change(
            document: """
                { signIn(input: { email: "cleo@example.com", password: "the password of cleo" }) {
                  token session { id current } user { email } } }
                """,
            token: nil,
            expected: ("signIn.user.email", "cleo@example.com")
        ),
        Change(
            document: """
                { signIn(input: { email: "cleo@example.com", password: "the password of cleo", cookie: true }) {
                  token user { email } } }
                """,
            token: nil,
            expected: ("signIn.user.email", "cleo@example.com")
        ),
        Change(
            document: "{ signOut { id } }",
            token: Token.member,
            expected: ("signOut.id", "\(SessionID.fixture(2))")
        ),
        Change(
            document: "{ signOut { id } }",
            token: Token.member,
            expected: ("signOut.id", "\(SessionID.fixture(2))"),
            cookie: true
        ),
        Change(
            document: "{ endSession(id: \"\(SessionID.fixture(2))\") { id } }",
            token: Token.member,
            expected: ("endSession.id", "\(SessionID.fixture(2))")
        ),
        Change(document: "{ endSessions { id } }", token: Token.member, expected: ("endSessions.id", "\(ben)")),
        Change(
            document: "{ endSessions(userId: \"\(ben)\") { id } }",
            token: Token.administrator,
            expected: ("endSessions.id", "\(ben)")
        ),
        Change(
            document:
                "{ createAPIKey(input: { name: \"Backup\", access: WRITE }) { key apiKey { name access expiresAt } } }",
            token: Token.member,
            expected: ("createAPIKey.apiKey.access", "WRITE")
        ),
        Change(
            document: "{ endAPIKey(id: \"\(APIKeyID.fixture(1))\") { id } }",
            token: Token.member,
            expected: ("endAPIKey.id", "\(APIKeyID.fixture(1))")
        ),
        Change(
            document: "{ endAPIKeys(userId: \"\(ben)\") { id } }",
            token: Token.administrator,
            expected: ("endAPIKeys.id", "\(ben)")
        ),
        Change(document: "{ requestPasswordReset(input: { email: \"ben@example.com\" }) { expiresIn } }", token: nil),
        Change(
            document: """
                { createWebhook(input: { url: "https://receiver.example/x" }) { secret webhook { id url status } } }
                """,
            token: Token.administrator,
            expected: ("createWebhook.webhook.status", "ACTIVE")
        ),
        Change(
            document: """
                { updateWebhook(id: "\(webhook)", input: { status: DISABLED }) { webhook { status updatedAt } } }
                """,
            token: Token.administrator,
            expected: ("updateWebhook.webhook.status", "DISABLED")
        ),
        Change(
            document: "{ deleteWebhook(id: \"\(webhook)\") { id } }",
            token: Token.administrator,
            expected: ("deleteWebhook.id", "\(webhook)")
        ),
        Change(
            document: """
                { resetPassword(input: {
                  token: "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", password: "correct horse battery" }) {
                  confirmed } }
                """,
            token: nil
        ),
        Change(document: "{ requestEmailVerification { expiresIn } }", token: Token.member),
        Change(
            document: """
                { verifyEmail(input: { token: "gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE" }) { confirmed } }
                """,
            token: nil
        ),
        Change(
            document: "{ requestEmailChange(input: { email: \"benjamin@example.com\" }) { expiresIn } }",
            token: Token.member
        ),
        Change(
            document: """
                { confirmEmailChange(input: { token: "gh_c_Y2hhbmdlIHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE" }) { status } }
                """,
            token: nil,
            expected: ("confirmEmailChange.status", "WAITING")
        ),
        Change(
            document: """
                { confirmEmailChange(input: { token: "gh_c_b3RoZXIgaGFsZiBvZiB0aGUgY2hhbmdlIG9mIGJlbiE" }) { status } }
                """,
            token: Token.administrator,
            expected: ("confirmEmailChange.status", "WAITING")
        ),
        Change(
            document: """
                { a: endSessions { id } b: endAPIKeys { id } c: updateUser(id: "\(ben)", input: { name: "B" }) {
                  user { name sessions { id } apiKeys { id } } } }
                """,
            token: Token.member,
            expected: ("c.user.name", "B")
        ),
    ]

    @Test(arguments: changes)
    func `a change is made, and a second try gives the first one's answer and changes nothing`(change: Change) throws {
        let before = site.unitOfWork.state
        let first = try change.send(to: site)
        #expect(first.status == .ok)
        #expect(try first.errors.isEmpty)
        if let (path, text) = change.expected { #expect(try first.text(at: path) == text) }
        let changed = site.unitOfWork.state
        #expect(changed != before)

        let second = try change.send(to: site, isTriedAgain: true)
        #expect(second.status == .ok)
        #expect(second.body == first.body)
        #expect(second.field("Set-Cookie") == first.field("Set-Cookie"))
        #expect(second.field("Idempotency-Replayed") == nil)
        #expect(site.unitOfWork.state == changed)
    }

    @Test func `a second try makes the changes that the first one did not come to`() throws {
        let document = """
            { a: createUser(input: { email: "a@example.com", name: "A" }) { user { name } }
              b: updateUser(id: "\(Self.ben)", input: { name: "B" }) { user { name } } }
            """
        // The first try dies behind its first change.
        let changes = [
            "{ a: createUser(input: { email: \"a@example.com\", name: \"A\" }) { user { name } } }", document,
        ]
        let first = try Change(document: changes[0], token: Token.administrator).send(to: site)
        #expect(try first.text(at: "a.user.name") == "A")
        let count = try site.unitOfWork.read { try $0.users.count() }
        let second = try Change(document: document, token: Token.administrator).send(to: site, isTriedAgain: true)
        #expect(try second.errors.isEmpty)
        #expect(try second.text(at: "a.user.name") == "A")
        #expect(try second.text(at: "b.user.name") == "B")
        #expect(try site.unitOfWork.read { try $0.users.count() } == count)
    }

    @Test func `the cookie of a session is set and taken away as by REST`() throws {
        let change = """
            mutation { signIn(input: { email: "cleo@example.com", password: "the password of cleo", cookie: true }) { token } }
            """
        let answer = try site.ask(change)
        #expect(try answer.at("signIn.token") == .null)
        let cookie = try #require(answer.field("Set-Cookie"))
        #expect(cookie.hasPrefix("__Host-gatehouse=gh_s_") && cookie.contains("HttpOnly; Secure; SameSite=Lax"))
        let fields = [(name: "Cookie", value: String(cookie.prefix { $0 != ";" }))]
        // A change by cookie needs what no page of another site can send; POST is one, whatever it asks.
        let refused = try site.ask("mutation { signOut { id } }", fields: fields)
        #expect(refused.status == .forbidden)
        #expect(try refused.codes == ["FORBIDDEN"])
        let ended = try site.ask("mutation { signOut { id } }", fields: fields + [("X-Requested-With", "fetch")])
        #expect(ended.field("Set-Cookie")?.hasPrefix("__Host-gatehouse=; Max-Age=0") == true)
        let query = try site.send(
            ClientRequest("GET", "/graphql?query=%7Bme%7Bid%7D%7D", fields: fields + [("Accept", "application/json")])
        )
        #expect(query.status == .unauthorized)
        #expect(query.field("Set-Cookie")?.hasPrefix("__Host-gatehouse=; Max-Age=0") == true)
    }

    /// A document whose change is refused: who sends it, and the code.
    private static let refusals: [(document: String, token: String?, code: String)] = [
        ("createUser(input: { email: \"n@example.com\", name: \"N\" }) { user { id } }", nil, "UNAUTHENTICATED"),
        ("createUser(input: { email: \"n@example.com\", name: \"N\" }) { user { id } }", Token.member, "FORBIDDEN"),
        (
            "createUser(input: { email: \"ben@example.com\", name: \"N\" }) { user { id } }", Token.administrator,
            "CONFLICT"
        ),
        ("createUser(input: { email: \"none\", name: \"\" }) { user { id } }", Token.administrator, "VALIDATION_ERROR"),
        ("updateUser(id: \"\(cleo)\", input: { name: \"N\" }) { user { id } }", Token.member, "NOT_FOUND"),
        ("updateUser(id: \"none\", input: { name: \"N\" }) { user { id } }", Token.administrator, "NOT_FOUND"),
        ("updateUser(id: \"\(ben)\", input: { role: ADMIN }) { user { id } }", Token.member, "FORBIDDEN"),
        (
            "updateUser(id: \"\(ben)\", ifVersion: 9, input: { name: \"N\" }) { user { id } }", Token.member,
            "PRECONDITION_FAILED"
        ),
        ("deleteUser(id: \"\(ada)\") { id }", Token.administrator, "CONFLICT"),
        ("endSessions(userId: \"\(cleo)\") { id }", Token.member, "FORBIDDEN"),
        ("endSession(id: \"\(SessionID.fixture(1))\") { id }", Token.member, "NOT_FOUND"),
        (
            "changePassword(input: { current: \"wrong\", new: \"another long sentence\" }) { user { id } }",
            Token.member, "INVALID_CREDENTIALS"
        ),
        (
            "signIn(input: { email: \"ben@example.com\", password: \"wrong\" }) { token }", nil,
            "INVALID_CREDENTIALS"
        ),
        (
            "createAPIKey(input: { name: \"K\", expiresAt: \"2000-01-01T00:00:00Z\" }) { key }", Token.member,
            "VALIDATION_ERROR"
        ),
        ("createWebhook(input: { url: \"https://receiver.example/x\" }) { secret }", Token.member, "FORBIDDEN"),
        ("createWebhook(input: { url: \"https://127.0.0.1/\" }) { secret }", Token.administrator, "VALIDATION_ERROR"),
        ("updateWebhook(id: \"none\", input: {}) { webhook { id } }", Token.administrator, "NOT_FOUND"),
        ("deleteWebhook(id: \"\(webhook)\") { id }", nil, "UNAUTHENTICATED"),
        ("replayWebhookDeadLetters(id: \"\(webhook)\") { replayed }", Token.member, "FORBIDDEN"),
        ("requestPasswordReset(input: { email: \"none\" }) { expiresIn }", nil, "VALIDATION_ERROR"),
        ("requestEmailVerification { expiresIn }", nil, "UNAUTHENTICATED"),
        ("requestEmailChange(input: { email: \"BEN@example.com\" }) { expiresIn }", Token.member, "VALIDATION_ERROR"),
        ("verifyEmail(input: { token: \"none\" }) { confirmed }", nil, "VALIDATION_ERROR"),
        (
            "confirmEmailChange(input: { token: \"gh_c_dGFrZSB0aGUgYWRkcmVzcyBvZiBFbWlsIHBsZWFzZSE\" }) { status }",
            nil,
            "CONFLICT"
        ),
    ]

    @Test(arguments: refusals.indices)
    func `a change that REST refuses is refused with the same code, and nothing is changed`(index: Int) throws {
        let (document, token, code) = Self.refusals[index]
        let before = site.unitOfWork.state
        let answer = try site.ask("mutation { \(document) }", by: token)
        #expect(answer.status == .ok)
        #expect(try answer.codes == [code])
        #expect(site.unitOfWork.state == before)
    }

    @Test func `all faulty fields are told at once, by the names of the input`() throws {
        let answer = try site.ask(
            "mutation ($input: BatchInput!) { createUsers(input: $input) { users { id } } }",
            ["input": ["users": [["email": "none", "name": ""], ["email": "x@example.com", "name": "X"]]]],
            by: Token.administrator
        )
        guard case .object(let extensions)? = try answer.errors.first?["extensions"],
            case .array(let details)? = extensions["details"]
        else {
            Issue.record("no details")
            return
        }
        let fields = details.compactMap { detail in
            if case .object(let object) = detail { object["field"]?.string } else { nil }
        }
        #expect(fields == ["users.0.email", "users.0.name"])
    }

    @Test func `a key for reading changes nothing, and asks what it may`() throws {
        let refused = try site.ask("mutation { endSessions { id } }", by: Self.readOnlyKey)
        #expect(refused.status == .forbidden)
        #expect(try refused.codes == ["FORBIDDEN"])
        #expect(try site.ask("{ me { name } }", by: Self.readOnlyKey).text(at: "me.name") == "Ben")
    }

    @Test func `a key for changes makes none for which a session is needed`() throws {
        for change in [
            "requestEmailChange(input: { email: \"b@example.com\" }) { expiresIn }",
            "createAPIKey(input: { name: \"K\" }) { key }", "signOut { id }",
            "changePassword(input: { current: \"the password of ben\", new: \"another long sentence\" }) { user { id } }",
        ] {
            #expect(try site.ask("mutation { \(change) }", by: Self.writingKey).codes == ["FORBIDDEN"], "\(change)")
        }
        let renamed = "mutation { updateUser(id: \"\(Self.ben)\", input: { name: \"B\" }) { user { name } } }"
        #expect(try site.ask(renamed, by: Self.writingKey).text(at: "updateUser.user.name") == "B")
    }

    @Test func `where a version is asked for, a change has to name one`() throws {
        let site = try Site()
        site.requiresIfMatch = true
        let change =
            "mutation ($v: Int) { updateUser(id: \"\(Self.ben)\", ifVersion: $v, input: { name: \"N\" }) { user { name } } }"
        #expect(try site.ask(change, by: Token.member).codes == ["PRECONDITION_REQUIRED"])
        #expect(try site.ask(change, ["v": 1], by: Token.member).text(at: "updateUser.user.name") == "N")
    }

    // MARK: - Names of clients

    @Test(arguments: changes.filter { $0.token != nil && !$0.cookie })
    func `what a client has given a name is made once, and answered as the first time`(change: Change) throws {
        let first = try change.send(to: site, key: "a-key")
        #expect(try first.errors.isEmpty)
        #expect(first.field("Idempotency-Replayed") == nil)
        let changed = site.unitOfWork.state
        let again = try change.send(to: site, key: "\"a-key\"")
        // What has ended the caller's session cannot be asked again by it, as by REST.
        guard again.status != .unauthorized else { return }
        #expect(again.field("Idempotency-Replayed") == "true")
        #expect(again.body == first.body)
        #expect(site.unitOfWork.state == changed)
    }

    @Test func `a name holds for one document and its variables, and for a caller who is known`() throws {
        let document =
            "mutation ($name: String!) { updateUser(id: \"\(Self.ben)\", input: { name: $name }) { user { name } } }"
        func send(_ name: String, by token: String? = Token.member) throws -> Response {
            try site.ask(document, ["name": .string(name)], by: token, fields: [("Idempotency-Key", "a-key")])
        }
        #expect(try send("B").text(at: "updateUser.user.name") == "B")
        #expect(try send("B").field("Idempotency-Replayed") == "true")
        let reused = try send("C")
        #expect(reused.status == .unprocessableContent)
        #expect(try reused.codes == ["IDEMPOTENCY_KEY_REUSED"])
        site.leases.areHeld = true
        #expect(try send("B").field("Idempotency-Replayed") == "true")
        let other = try site.ask(document, ["name": "D"], by: Token.member, fields: [("Idempotency-Key", "b-key")])
        #expect(other.status == .conflict)
        #expect(other.field("Retry-After") == "1")
        #expect(try other.codes == ["REQUEST_IN_PROGRESS"])
        site.leases.areHeld = false
        #expect(try send("C", by: Token.administrator).text(at: "updateUser.user.name") == "C")
        #expect(try send("B", by: nil).codes == ["IDEMPOTENCY_KEY_INVALID"])
        // A query changes nothing, so that its name means nothing.
        let query = try site.ask("{ me { id } }", by: Token.member, fields: [("Idempotency-Key", "a-key")])
        #expect(try query.errors.isEmpty)
    }

    @Test func `a refusal is kept under the client's name, and one that passes is not`() throws {
        let change = Change(
            document: "{ createUser(input: { email: \"n@example.com\", name: \"N\" }) { user { name } } }",
            token: Token.administrator
        )
        site.unitOfWork.failureOfNextChange = DomainError.unavailable("busy")
        #expect(try change.send(to: site, key: "a-key").codes == ["UNAVAILABLE"])
        #expect(try change.send(to: site, key: "a-key").text(at: "createUser.user.name") == "N")
        #expect(try change.send(to: site, key: "b-key").codes == ["CONFLICT"])
        try site.unitOfWork.perform { transaction in
            for user in try transaction.users.users(in: UserSlice(.first, of: .newestFirst)) where user.name.text == "N"
            {
                _ = try transaction.users.delete(user.id)
            }
        }
        let again = try change.send(to: site, key: "b-key")
        #expect(try again.codes == ["CONFLICT"])
        #expect(again.field("Idempotency-Replayed") == "true")
    }

    // MARK: - Webhooks

    @Test func `a webhook is shown with how far it is, and without its secret`() throws {
        let query = """
            { webhooks { id url status createdAt } webhook(id: "\(Self.webhook)") { id status behind waiting failingSince }
              webhookDeliveries(id: "\(Self.webhook)") { outcome status }
              webhookDeadLetters(id: "\(Self.webhook)") { eventId reason } }
            """
        let answer = try site.ask(query, by: Token.administrator)
        #expect(try answer.errors.isEmpty)
        #expect(try answer.text(at: "webhooks.0.id") == "\(Self.webhook)")
        #expect(try answer.text(at: "webhook.status") == "ACTIVE")
        #expect(try answer.at("webhook.waiting") == 0)
        #expect(try answer.count(at: "webhookDeliveries") == 0)
        #expect(try answer.count(at: "webhookDeadLetters") == 0)
        #expect(try site.ask(query, by: Token.member).codes == Array(repeating: "FORBIDDEN", count: 4))
        let replay = "mutation { replayWebhookDeadLetters(id: \"\(Self.webhook)\") { replayed } }"
        #expect(try site.ask(replay, by: Token.administrator).at("replayWebhookDeadLetters.replayed") == 0)
    }

    // MARK: - Mail

    @Test func `where no mail is sent, nothing is done by mail`() throws {
        site.sendsMail = false
        for (document, token) in [
            ("mutation { requestPasswordReset(input: { email: \"ben@example.com\" }) { expiresIn } }", nil),
            ("mutation { verifyEmail(input: { token: \"x\" }) { confirmed } }", nil),
            ("{ emailVerification { email } }", Token.member),
        ] {
            #expect(try site.ask(document, by: token).codes == ["NOT_FOUND"])
        }
    }

    @Test func `a lost password is set by the token of a mail, and every session has ended`() throws {
        let reset = """
            mutation { resetPassword(input: {
              token: "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", password: "correct horse battery" }) { confirmed } }
            """
        #expect(try site.ask(reset).at("resetPassword.confirmed") == true)
        #expect(try site.ask("{ me { id } }", by: Token.member).status == .unauthorized)
        let signIn =
            "signIn(input: { email: \"ben@example.com\", password: \"correct horse battery\" }) { user { id } }"
        #expect(try site.ask("mutation { \(signIn) }").text(at: "signIn.user.id") == "\(Self.ben)")
        #expect(try site.ask(reset).codes == ["VALIDATION_ERROR"])
    }

    @Test func `an address that was verified is shown as such`() throws {
        let query = "{ emailVerification { email verifiedAt } }"
        #expect(try site.ask(query, by: Token.member).at("emailVerification.verifiedAt") == .null)
        let verify =
            "mutation { verifyEmail(input: { token: \"gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE\" }) { confirmed } }"
        #expect(try site.ask(verify).at("verifyEmail.confirmed") == true)
        let answer = try site.ask(query, by: Token.member)
        #expect(try answer.text(at: "emailVerification.verifiedAt") != nil)
        #expect(try answer.text(at: "emailVerification.email") == "ben@example.com")
        #expect(try site.ask(query).codes == ["UNAUTHENTICATED"])
    }

    @Test func `mails, and tries to show their tokens, are counted as by REST`() throws {
        site.limits = try .ofMail(address: 4, mail: 1)
        func codes(_ change: String) throws -> [String] { try site.ask("mutation { \(change) }").codes }
        let request = "requestPasswordReset(input: { email: \"nobody@example.com\" }) { expiresIn }"
        let show = "verifyEmail(input: { token: \"none\" }) { confirmed }"
        // Each field by itself.
        #expect(try codes("a: \(request) b: \(request)") == ["RATE_LIMITED"])
        #expect(
            try codes("a: \(show) b: \(show) c: \(show)") == ["VALIDATION_ERROR", "VALIDATION_ERROR", "RATE_LIMITED"]
        )
        let rest = ClientRequest(
            "POST",
            "/api/v1/email-verifications/confirmations",
            fields: [("Content-Type", "application/json")],
            body: #"{"token": "none"}"#
        )
        #expect(try site.send(rest).status == .tooManyRequests)
    }

    // MARK: - What takes long

    @Test func `an operation hashes one password at most`() throws {
        let signIn = "signIn(input: { email: \"ben@example.com\", password: \"wrong\" }) { token }"
        let answer = try site.ask("mutation { a: \(signIn) ...B } fragment B on Mutation { b: \(signIn) }")
        #expect(answer.status == .badRequest)
        #expect(try answer.codes == ["OPERATION_TOO_LARGE"])
        let skipped = try site.ask("mutation { a: \(signIn) b: \(signIn.dropLast(9)) @skip(if: true) { token } }")
        #expect(try skipped.codes == ["INVALID_CREDENTIALS"])
    }

    @Test func `where enough of them hash passwords, one more is refused at once, and others are served`() throws {
        let heavy = HeavyOperations(most: 1)
        site.heavy = heavy
        let signIn =
            "mutation { signIn(input: { email: \"ben@example.com\", password: \"the password of ben\" }) { token } }"
        let refused = try #require(
            try heavy.run {
                let refused = try site.ask(signIn)
                #expect(try site.ask("{ me { id } }", by: Token.member).errors.isEmpty)
                let light = try site.ask("mutation { endAPIKeys { id } }", by: Token.member)
                #expect(try light.errors.isEmpty)
                return refused
            }
        )
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.field("Retry-After") == "1")
        #expect(try refused.codes == ["OVERLOADED"])
        #expect(try site.ask(signIn).text(at: "signIn.token") != nil)
    }
}
