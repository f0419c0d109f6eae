import HTTPPipeline
import RateLimiting
import Stages
import Testing

/// The stage that limits and the one that tells, without anything else around them.
struct RateLimitTests {
    private final class Time {
        var now: Int64 = 1_000_000_000_000
    }

    private let time = Time()
    private let limiter: LocalRateLimiter
    private let key = LimitKey(LimitKey.Label(high: 1, low: 1))

    init() {
        limiter = LocalRateLimiter(slots: 64, seed: Array(0..<16), clock: { [time] in time.now })
    }

    private func policy(
        _ name: String,
        _ limit: Int,
        number: UInt8 = 1,
        onFailure: LimitPolicy.OnFailure = .refuse
    ) throws -> LimitPolicy {
        let window: Int64 = 60_000_000_000
        return try #require(LimitPolicy(name, number: number, limit: limit, window: window, onFailure: onFailure))
    }

    private func request() -> Request {
        Request(method: .get, path: [], remoteAddress: "192.0.2.7", id: "request-1", content: NoContent())
    }

    private func respond(_ charge: @escaping (Request) throws -> Void) throws -> Response {
        try QuotaFields().then(ErrorRendering { _ in nil }).then(RateLimit(charge)).respond(to: request()) { _ in
            Response(.ok)
        }
    }

    @Test func `of several policies the one of which least is left is told`() throws {
        let (wide, narrow) = (try policy("wide", 1000), try policy("narrow", 20, number: 2))
        let gate = LimitGate(limiter)
        let response = try respond { request in
            try gate.pass(request, as: key, cost: 10, under: narrow)
            try gate.pass(request, as: key, cost: 10, under: wide)
        }
        #expect(response.field("RateLimit-Policy") == #""narrow";q=20;w=60, "wide";q=1000;w=60"#)
        let told = try #require(response.field("RateLimit"))
        #expect(told.hasPrefix(#""narrow";r=10;t="#))
        // What is counted is given back within a window and a fifteenth of one.
        let reset = try #require(Int(told.split(separator: "=").last ?? ""))
        #expect((60...64).contains(reset))
    }

    @Test func `who is refused is told to wait as many whole seconds as suffice, and no more`() throws {
        let policy = try policy("one", 1)
        let gate = LimitGate(limiter)
        _ = try respond { try gate.pass($0, as: key, under: policy) }
        time.now += 100_000_000
        let refused = try respond { try gate.pass($0, as: key, under: policy) }
        #expect(refused.status == .tooManyRequests)
        #expect(refused.field("Retry-After") == "60")
        #expect(refused.field("Cache-Control") == "no-store")
        #expect(refused.field("RateLimit") == #""one";r=0;t=60"#)
        time.now += 59_000_000_000
        #expect(try respond { try gate.pass($0, as: key, under: policy) }.status == .tooManyRequests)
        time.now += 1_000_000_000
        #expect(try respond { try gate.pass($0, as: key, under: policy) }.status == .ok)
    }

    @Test func `what can never pass is not told to wait`() throws {
        let policy = try policy("one", 1)
        let gate = LimitGate(limiter)
        let response = try respond { try gate.pass($0, as: key, cost: 2, under: policy) }
        #expect(response.status == .badRequest)
        #expect(response.field("Retry-After") == nil)
    }

    @Test func `without anything to charge every request passes and nothing is told`() throws {
        let response = try QuotaFields().then(RateLimit<Request>(nil)).respond(to: request()) { _ in Response(.ok) }
        #expect(response.status == .ok)
        #expect(response.fields.isEmpty)
    }
}
