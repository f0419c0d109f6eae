import API
import Domain
import HTTPPipeline
import JSON
import OpenAPI
import TestSupport
import Testing

/// Holds every answer against what is declared: each route, method, content type, Accept and caller.
struct ContractTests {
    private typealias Operation = OpenAPI.Operation

    /// Who sends a request; what paths name is always Ben's.
    private enum Caller: CaseIterable {
        case nobody, member, otherMember, administrator, readOnlyKey, disabled
    }

    /// What a request is like beside method, path and caller.
    private struct Variant: Sendable {
        var accept = "*/*"
        var contentType: String? = "application/json"
        var fields: [(name: String, value: String)] = []
        var query = ""
        var id = ben
        /// Whether it is another one only where there is a body.
        var concernsBody = false
        var body: @Sendable (Operation) -> String = { ContractTests.text($0.body?.example) }
    }

    /// How the site is set up.
    struct SetUp: CustomTestStringConvertible, Sendable {
        let registrationIsOpen: Bool
        let requiresIfMatch: Bool
        var testDescription: String { "registration open: \(registrationIsOpen), If-Match: \(requiresIfMatch)" }
    }

    static let setUps = [false, true].map { SetUp(registrationIsOpen: $0, requiresIfMatch: $0) }

    private static let ben = UserID.fixture(Person.ben.rawValue)

    /// Made once for all sites of a test.
    private let document = PublishedDocument()

    private static let variants: [Variant] = {
        var variants = ["*/*", "application/json", "application/problem+json", "text/html"].flatMap { accept in
            ["application/json", "application/merge-patch+json; charset=utf-8", "text/plain", nil].map {
                Variant(accept: accept, contentType: $0, concernsBody: $0 != "application/json")
            }
        }
        variants += ["*", "\"nothing\"", "nothing"].flatMap { value in
            ["If-Match", "If-None-Match"].map { Variant(fields: [(name: $0, value: value)]) }
        }
        variants.append(
            Variant(contentType: "text/plain", fields: [(name: "If-Match", value: "*")], concernsBody: true)
        )
        variants.append(Variant(query: "?nothing=1"))
        variants.append(Variant(fields: [(name: "If-Match", value: "*")], id: .fixture(99)))
        variants.append(Variant(id: .fixture(99)))
        // The last administrator.
        variants.append(Variant(fields: [(name: "If-Match", value: "*")], id: .fixture(Person.ada.rawValue)))
        let taken = #"{"email": "emil@example.com", "name": "E", "password": "a long sentence of mine"}"#
        let bodies = [
            "", "{", "[]", "{}", taken, #"{"email": "emil@example.com", "name": "E"}"#,
            #"{"email": "emil@example.com"}"#,
            #"{"users": [{"email": "emil@example.com", "name": "E"}]}"#, #"{"role": "admin"}"#,
            #"{"email": "dora@example.com", "password": "the password of dora"}"#,
            #"{"email": "emil@example.com", "name": "E", "password": "a long sentence of mine", "role": "admin"}"#,
            #"{"current": "the password of ben", "new": "another long sentence"}"#,
            #"{"name": "\#(String(repeating: "x", count: 5000))"}"#,
            #"{"email": "cleo@example.com", "password": "the password of cleo", "cookie": true}"#,
            #"{"token": "gh_c_dGFrZSB0aGUgYWRkcmVzcyBvZiBFbWlsIHBsZWFzZSE"}"#,
        ]
        variants += bodies.flatMap { body in
            [[], [(name: "If-Match", value: "*")]].map { Variant(fields: $0, concernsBody: true, body: { _ in body }) }
        }
        return variants
    }()

    /// What needs nginx, a fault, or something that does not answer.
    private static let notFromHere: Set<Int> = [413, 414, 429, 431, 500, 502, 503, 504]

    @Test(arguments: setUps)
    func `every answer is declared, and every declared status is an answer to something`(_ setUp: SetUp) throws {
        let operations = try site(setUp).operations
        var seen: [String: Set<Int>] = [:]
        for operation in operations {
            for variant in Self.variants where operation.body != nil || !variant.concernsBody {
                for caller in Caller.allCases {
                    let site = try site(setUp)
                    let status = try check(operation, variant, caller, at: site)
                    seen[operation.id, default: []].insert(status)
                }
            }
        }
        seen["createAPIKey", default: []].insert(try makeOneKeyTooMany(setUp, operations))
        seen["createWebhook", default: []].insert(try makeOneWebhookTooMany(setUp, operations))
        for operation in operations where operation.parameters.contains(where: { $0.name == "Idempotency-Key" }) {
            seen[operation.id, default: []].formUnion(try nameTwice(setUp, operation))
        }
        for operation in operations {
            let declared = Set(operation.answers.map(\.status.code))
            let never = declared.subtracting(Self.notFromHere).subtracting(seen[operation.id] ?? [])
            #expect(never.isEmpty, "\(operation.id) is never answered with \(never.sorted())")
            if operation.body != nil { #expect(seen[operation.id]?.contains(413) == true, "\(operation.id)") }
        }
    }

    @Test func `what is found when a store breaks is declared`() throws {
        let operations = try Site().operations
        for operation in operations where operation.method != .get {
            for failure in [DomainError.unavailable("busy"), .overloaded("busy")] as [any Error] + [Broken()] {
                let site = try Site()
                site.unitOfWork.failureOfNextChange = failure
                // A key that is there would have to be made, and that is a change already.
                let variant = operation.id == "endAPIKey" ? Variant(id: .fixture(99)) : Variant()
                _ = try check(operation, variant, .administrator, at: site)
            }
        }
        let health = try #require(operations.first { $0.id == "readHealth" })
        let site = try Site()
        site.probes.database = false
        #expect(try check(health, Variant(), .nobody, at: site) == 503)
    }

    private struct Broken: Error {}

    // MARK: - One request

    /// Sends one request and holds the answer against what is declared; gives the status.
    private func check(_ operation: Operation, _ variant: Variant, _ caller: Caller, at site: Site) throws -> Int {
        var fields = variant.fields + [(name: "Accept", value: variant.accept)]
        if let token = try token(of: caller, at: site) { fields.append(("Authorization", "Bearer \(token)")) }
        var body = ""
        if operation.body != nil {
            if let type = variant.contentType { fields.append(("Content-Type", type)) }
            body = variant.body(operation)
        }
        let id = try self.id(in: operation.path, variant, at: site)
        let path = operation.path.split(separator: "/").map { $0 == "{id}" ? id : String($0) }
        let target = "/" + path.joined(separator: "/") + variant.query
        let request = ClientRequest(operation.method.rawValue, target, fields: fields, body: body)
        let response = try site.send(request)
        let about = "\(operation.method.rawValue) \(target) by \(caller): \(response.exchangeText)" as Comment
        let status = response.status.code
        guard let answer = operation.answers.first(where: { $0.status == response.status }) else {
            Issue.record("not declared: \(about)")
            return status
        }
        for field in answer.fields where field.isRequired {
            #expect(response.field(field.name) != nil, "\(field.name) is missing, \(about)")
        }
        try checkBody(response, answer, about)
        checkAccess(operation, variant, caller, status, about)
        return status
    }

    private func checkBody(_ response: Response, _ answer: Answer, _ about: Comment) throws {
        guard !response.body.isEmpty else {
            #expect(answer.body == nil, about)
            return
        }
        let value = try JSONReader.read(response.body)
        if response.field("Content-Type") == MediaType.problem {
            #expect(answer.mayBeProblem, about)
            #expect(ValueSchema.object(ErrorBody.problems.shape).violation(of: value) == nil, about)
        } else {
            let schema = try #require(answer.body, about)
            #expect(schema.violation(of: value) == nil, about)
        }
    }

    private func checkAccess(
        _ operation: Operation,
        _ variant: Variant,
        _ caller: Caller,
        _ status: Int,
        _ about: Comment
    ) {
        let isForAdministrators = operation.details.hasPrefix("For administrators.")
        switch (operation.security, caller) {
        case (.none, _): break
        case (.required, .nobody), (_, .disabled): #expect([401, 406].contains(status), about)
        case (_, .readOnlyKey) where operation.method != .get: #expect(status == 403 || status == 406, about)
        case (_, .member), (_, .otherMember), (_, .readOnlyKey):
            if isForAdministrators { #expect([403, 406].contains(status), about) }
        default: break
        }
        if caller == .otherMember, operation.path == "/api/v1/users/{id}" { #expect(status >= 400, about) }
    }

    // MARK: - Parts

    private func site(_ setUp: SetUp) throws -> Site {
        let site = try Site()
        site.registrationIsOpen = setUp.registrationIsOpen
        site.requiresIfMatch = setUp.requiresIfMatch
        site.document = document
        return site
    }

    /// The id of something of Ben's where the variant means Ben.
    private func id(in path: String, _ variant: Variant, at site: Site) throws -> String {
        guard variant.id == Self.ben else { return "\(variant.id)" }
        return switch path {
        case "/api/v1/sessions/{id}": "\(SessionID.fixture(2))"
        case "/api/v1/api-keys/{id}": try #require(try makeKey(at: site).data["id"]?.string)
        case _ where path.hasPrefix("/api/v1/webhooks/{id}"): "\(WebhookID.fixture(1))"
        default: "\(variant.id)"
        }
    }

    private func makeOneWebhookTooMany(_ setUp: SetUp, _ operations: [Operation]) throws -> Int {
        let site = try site(setUp)
        try site.unitOfWork.perform { transaction in
            for number in 1...UInt64(Webhook.most) {
                try transaction.webhooks.insert(.fixture(number), sealedSecret: [])
            }
        }
        let operation = try #require(operations.first { $0.id == "createWebhook" })
        return try check(operation, Variant(), .administrator, at: site)
    }

    private func token(of caller: Caller, at site: Site) throws -> String? {
        switch caller {
        case .nobody: nil
        case .member: Token.member
        case .otherMember: try signIn("cleo", at: site)
        case .administrator: Token.administrator
        case .readOnlyKey: try makeKey(at: site).data["key"]?.string
        case .disabled: Token.disabled
        }
    }

    private func signIn(_ name: String, at site: Site) throws -> String? {
        let body = #"{"email": "\#(name)@example.com", "password": "the password of \#(name)"}"#
        let fields = [(name: "Content-Type", value: "application/json")]
        return try site.send(ClientRequest("POST", "/api/v1/sessions", fields: fields, body: body)).data["token"]?
            .string
    }

    private func makeKey(at site: Site) throws -> Response {
        let fields = [
            (name: "Content-Type", value: "application/json"),
            (name: "Authorization", value: "Bearer \(Token.member)"),
        ]
        return try site.send(ClientRequest("POST", "/api/v1/api-keys", fields: fields, body: #"{"name": "Key"}"#))
    }

    private func makeOneKeyTooMany(_ setUp: SetUp, _ operations: [Operation]) throws -> Int {
        let site = try site(setUp)
        for _ in 1...APIKey.mostPerUser { _ = try makeKey(at: site) }
        let operation = try #require(operations.first { $0.id == "createAPIKey" })
        return try check(operation, Variant(), .member, at: site)
    }

    /// Gives a change a name while somebody else makes one of it, then makes it, and asks for something else under it.
    private func nameTwice(_ setUp: SetUp, _ operation: Operation) throws -> [Int] {
        let site = try site(setUp)
        let named = Variant(fields: [(name: "Idempotency-Key", value: "a-key")])
        site.leases.areHeld = true
        let held = try check(operation, named, .administrator, at: site)
        site.leases.areHeld = false
        let first = try check(operation, named, .administrator, at: site)
        #expect(try check(operation, named, .administrator, at: site) == first)
        guard operation.body != nil else {
            // Where nothing can be said, something else is another route.
            let site = try self.site(setUp)
            let elsewhere = try #require(site.operations.first { $0.id == "createAPIKey" })
            _ = try check(elsewhere, named, .administrator, at: site)
            return [held, first, try check(operation, named, .administrator, at: site)]
        }
        var other = named
        other.body = { _ in "{}" }
        var elsewhere = named
        elsewhere.id = .fixture(99)
        return [held, first]
            + [
                try check(operation, other, .administrator, at: site),
                try check(operation, elsewhere, .administrator, at: site),
            ]
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        var writer = JSONWriter()
        value.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
