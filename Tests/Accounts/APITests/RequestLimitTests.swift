import API
import Domain
import HTTPPipeline
import JSON
import RateLimiting
import TestSupport
import Testing

/// Limits of requests and of tries to sign in, through the whole pipeline.
struct RequestLimitTests {
    /// Nanoseconds that a test moves.
    private final class Time {
        var now: Int64 = 1_000_000_000_000
    }

    private static let second: Int64 = 1_000_000_000
    private let site: Site
    private let time = Time()

    init() throws {
        site = try Site()
        let limiter = LocalRateLimiter(slots: 4096, seed: Array(0..<16), clock: { [time] in time.now })
        site.limits = RequestLimits(limiter, try Self.policies(address: 50, user: 20))
    }

    private static func policies(address: Int, user: Int) throws -> LimitPolicies {
        func policy(_ name: String, _ number: UInt8, _ limit: Int, _ seconds: Int64) throws -> LimitPolicy {
            let window = seconds * second
            return try #require(LimitPolicy(name, number: number, limit: limit, window: window, onFailure: .refuse))
        }
        return LimitPolicies(
            address: try policy("address", 1, address, 60),
            user: try policy("user", 2, user, 60),
            signInAddress: try policy("sign_in_address", 3, 30, 600),
            signIn: try policy("sign_in", 4, 5, 60),
            signInLong: try policy("sign_in_long", 5, 10, 3600),
            signInAccount: try policy("sign_in_account", 6, 15, 3600),
            signInAttacked: try policy("sign_in_attacked", 7, 2, 3600),
            passwordChange: try policy("password_change", 8, 3, 900),
            graphQLCost: try #require(
                LimitPolicy(
                    "graphql_cost",
                    number: 9,
                    limit: 200,
                    window: 60_000_000_000,
                    algorithm: .pacing(burst: 100),
                    onFailure: .admit
                )
            ),
            mailAddress: try policy("mail_address", 10, 8, 600),
            mail: try policy("mail", 11, 2, 3600)
        )
    }

    private func send(
        _ method: String,
        _ path: String,
        token: String? = nil,
        body: String = "",
        from address: String = "192.0.2.7",
        fields: [(name: String, value: String)] = []
    ) throws -> Response {
        var all = fields
        if let token { all.append(("Authorization", "Bearer \(token)")) }
        if !body.isEmpty { all.append(("Content-Type", "application/json")) }
        var request = ClientRequest(method, "/api/v1\(path)", fields: all, body: body)
        request.address = address
        return try site.send(request)
    }

    private func signIn(
        _ email: String,
        _ password: String = "no password of anybody",
        from address: String = "192.0.2.7"
    ) throws -> Response {
        let body = #"{"email": "\#(email)", "password": "\#(password)"}"#
        return try send("POST", "/sessions", body: body, from: address)
    }

    // MARK: - Addresses and users

    @Test func `every answer tells the policies and what is left of the tightest`() throws {
        let first = try send("GET", "/me", token: Token.member)
        #expect(first.values(of: "RateLimit-Policy") == [#""address";q=50;w=60, "user";q=20;w=60"#])
        #expect(first.values(of: "RateLimit").first?.hasPrefix(#""user";r=19;t=6"#) == true)
        let anonymous = try send("GET", "/me")
        #expect(anonymous.status == .unauthorized)
        #expect(anonymous.values(of: "RateLimit-Policy") == [#""address";q=50;w=60"#])
        let tag = try #require(first.field("ETag"))
        let unchanged = try send("GET", "/me", token: Token.member, fields: [("If-None-Match", tag)])
        #expect(unchanged.status == .notModified)
        #expect(unchanged.values(of: "RateLimit").first?.hasPrefix(#""user";r=18;t=6"#) == true)
        // Nothing was counted yet where nobody was found to ask.
        #expect(try send("GET", "/nothing").values(of: "RateLimit").isEmpty)
    }

    @Test func `an address is refused past its limit, whoever calls, and told when it passes again`() throws {
        for _ in 0..<50 { #expect(try send("GET", "/me").status == .unauthorized) }
        let refused = try send("GET", "/me", token: Token.member)
        #expect(refused.status == .tooManyRequests)
        #expect(try refused.errorCode == "RATE_LIMITED")
        #expect(refused.values(of: "Cache-Control") == ["no-store"])
        #expect(refused.values(of: "RateLimit-Policy") == [#""address";q=50;w=60"#])
        let wait = try #require(refused.field("Retry-After").flatMap { Int64($0) })
        time.now += (wait - 1) * Self.second
        #expect(try send("GET", "/me", token: Token.member).status == .tooManyRequests)
        time.now += Self.second
        #expect(try send("GET", "/me", token: Token.member).status == .ok)
        #expect(try send("GET", "/me", token: Token.member, from: "192.0.2.8").status == .ok)
    }

    @Test func `an IPv6 network is one address, and an IPv4 address is one in either form`() throws {
        for host in 0..<50 { _ = try send("GET", "/me", from: "2001:db8:0:1::\(host)") }
        #expect(try send("GET", "/me", from: "2001:db8:0:1:ffff::1").status == .tooManyRequests)
        #expect(try send("GET", "/me", from: "2001:db8:0:2::1").status == .unauthorized)
        for _ in 0..<50 { _ = try send("GET", "/me", from: "::ffff:192.0.2.9") }
        #expect(try send("GET", "/me", from: "192.0.2.9").status == .tooManyRequests)
    }

    @Test(arguments: ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
    func `what a client says about its address changes nothing`(name: String) throws {
        for number in 0..<50 { _ = try send("GET", "/me", fields: [(name, "198.51.100.\(number)")]) }
        #expect(try send("GET", "/me", fields: [(name, "198.51.100.99")]).status == .tooManyRequests)
    }

    @Test func `a user is refused past the limit, from all addresses together`() throws {
        for number in 0..<20 {
            #expect(try send("GET", "/me", token: Token.member, from: "192.0.2.\(number)").status == .ok)
        }
        let refused = try send("GET", "/me", token: Token.member, from: "192.0.2.99")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.values(of: "RateLimit").first?.hasPrefix(#""user";r=0;"#) == true)
        #expect(try send("GET", "/me", token: Token.administrator).status == .ok)
    }

    @Test func `a refusal reads nothing of the body and is told as a problem to who prefers it`() throws {
        for _ in 0..<50 { _ = try send("GET", "/me") }
        let refused = try send(
            "POST",
            "/sessions",
            body: "{ no JSON",
            fields: [("Accept", "application/problem+json")]
        )
        #expect(refused.status == .tooManyRequests)
        let type = try refused.bodyObject["type"]?.string
        #expect(type == "https://iana.org/assignments/http-problem-types#quota-exceeded")
    }

    // MARK: - Guessing

    @Test func `tries at an account are limited, and answered alike whether there is one`() throws {
        for email in ["ben@example.com", "nobody@example.com", "no address at all"] {
            for _ in 0..<5 { #expect(try signIn(email).status == .unauthorized) }
            let refused = try signIn(email)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.values(of: "Retry-After") == ["60"])
            #expect(
                refused.values(of: "RateLimit-Policy") == [
                    #""address";q=50;w=60, "sign_in_address";q=30;w=600, "sign_in";q=5;w=60"#
                ]
            )
        }
        // The right password does not help who is refused.
        #expect(try signIn("BEN@example.com", "the password of ben").status == .tooManyRequests)
        time.now += 60 * Self.second
        #expect(try signIn("ben@example.com", "the password of ben").status == .created)
    }

    @Test func `who goes on trying waits longer`() throws {
        var waits: [Int64] = []
        var tries = 0
        while tries < 20 {
            let response = try signIn("ben@example.com")
            tries += 1
            guard response.status == .tooManyRequests else { continue }
            let wait = try #require(response.field("Retry-After").flatMap { Int64($0) })
            waits.append(wait)
            time.now += wait * Self.second
        }
        #expect(try #require(waits.first) <= 60)
        #expect(try #require(waits.max()) > 1800)
    }

    @Test func `strangers cannot lock the owner out`() throws {
        for stranger in 0..<40 {
            for _ in 0..<5 { _ = try signIn("ben@example.com", from: "198.51.100.\(stranger)") }
        }
        // From where he always comes, and from where he never was.
        for address in ["192.0.2.7", "203.0.113.9", "2001:db8::1"] {
            #expect(try signIn("ben@example.com", from: address).status == .unauthorized)
            #expect(try signIn("ben@example.com", "the password of ben", from: address).status == .created)
        }
        // A stranger has fewer tries by now.
        for _ in 0..<2 { #expect(try signIn("ben@example.com", from: "203.0.113.50").status == .unauthorized) }
        let refused = try signIn("ben@example.com", from: "203.0.113.50")
        #expect(refused.values(of: "RateLimit").first?.hasPrefix(#""sign_in_attacked";r=0"#) == true)
        // Another account is not attacked.
        for _ in 0..<5 { #expect(try signIn("cleo@example.com", from: "203.0.113.51").status == .unauthorized) }
    }

    @Test func `an address is limited over all accounts`() throws {
        for number in 0..<30 { #expect(try signIn("user\(number)@example.com").status == .unauthorized) }
        let refused = try signIn("ben@example.com", "the password of ben")
        #expect(refused.values(of: "RateLimit").first?.hasPrefix(#""sign_in_address";r=0"#) == true)
        // It may still do everything else.
        #expect(try send("GET", "/me", token: Token.member).status == .ok)
    }

    @Test func `guessing the present password is limited`() throws {
        let body = #"{"current": "is it this one perhaps", "new": "quantal vellum ostrich"}"#
        for _ in 0..<3 {
            #expect(try send("POST", "/me/password", token: Token.member, body: body).status == .unauthorized)
        }
        let refused = try send("POST", "/me/password", token: Token.member, body: body)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.values(of: "RateLimit").first?.hasPrefix(#""password_change";r=0"#) == true)
        #expect(try send("GET", "/me", token: Token.member).status == .ok)
    }

    @Test func `where limits are off nothing is counted and nothing is told`() throws {
        site.limits = nil
        for _ in 0..<60 {
            let response = try send("GET", "/me", token: Token.member)
            #expect(response.status == .ok)
            #expect(response.values(of: "RateLimit").isEmpty)
        }
    }
}
