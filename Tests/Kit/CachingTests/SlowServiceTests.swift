import Testing

@testable import Caching

/// An example to copy: the answers of an external service that takes its time, kept with ``Cache``.
private struct ExchangeRates {
    /// Counts up when ``rate(of:)`` begins to keep something else.
    private static let kind = CacheKind("exchange rates", number: 3, version: 1)
    /// Whoever learns that the rates have changed invalidates this.
    static let tag = CacheTag("exchange rates")

    let cache: Cache
    /// Asks the service, which has time limits of its own; nil where it knows no such currency.
    let ask: (String) throws -> Int?

    /// How many hundredths of the site's currency one unit costs.
    func rate(of currency: String) throws -> Int? {
        try cache.value(
            for: CacheKey(Self.kind, bytes: Array(currency.utf8)),
            tags: [Self.tag],
            ttl: .seconds(300),
            absenceTTL: .seconds(10)
        ) {
            try ask(currency)
        }
    }
}

@Suite struct SlowServiceTests {
    /// Stands in for the service.
    private final class Service {
        var rates = ["CHF": 106, "USD": 92]
        var isDown = false
        private(set) var questions = 0
        let clock: TestClock

        init(_ clock: TestClock) { self.clock = clock }

        func answer(_ currency: String) throws -> Int? {
            questions += 1
            clock.pass(.seconds(2))
            guard !isDown else { throw LoadFailure() }
            return rates[currency]
        }
    }

    private let clock = TestClock()
    private let generations = ProcessGenerations()
    private let service: Service
    private let rates: ExchangeRates

    init() {
        let service = Service(clock)
        self.service = service
        let cache = Cache(generations: generations, options: clock.options())
        rates = ExchangeRates(cache: cache, ask: service.answer)
    }

    @Test func `the service is asked once for many questions`() throws {
        for _ in 0..<100 { #expect(try rates.rate(of: "CHF") == 106) }
        #expect(service.questions == 1)
    }

    @Test func `a service that is down is not noticed while the answer is good`() throws {
        _ = try rates.rate(of: "CHF")
        service.isDown = true
        clock.pass(.seconds(290))
        #expect(try rates.rate(of: "CHF") == 106)
        #expect(throws: LoadFailure.self) { try rates.rate(of: "USD") }
    }

    @Test func `the answer that there is nothing is good for ten seconds`() throws {
        #expect(try rates.rate(of: "XYZ") == nil)
        service.rates["XYZ"] = 1
        #expect(try rates.rate(of: "XYZ") == nil)
        clock.pass(.seconds(11))
        #expect(try rates.rate(of: "XYZ") == 1)
    }

    @Test func `news of the service make all answers old`() throws {
        _ = try rates.rate(of: "CHF")
        service.rates["CHF"] = 110
        generations.invalidate([ExchangeRates.tag])
        #expect(try rates.rate(of: "CHF") == 110)
    }
}
