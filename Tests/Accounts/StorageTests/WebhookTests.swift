import Consumers
import Database
import Domain
import Events
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// What is sent to webhooks, and what becomes of it.
@Suite final class WebhookTests {
    private static let hour: Int64 = 3600

    private let database: ScratchDatabase
    private let unitOfWork: SQLUnitOfWork
    private let clock = ManualClock()
    private let transport = FakeTransport()
    private let service: WebhookService
    private let webhook: IssuedWebhook

    init() throws {
        database = try ScratchDatabase()
        unitOfWork = SQLUnitOfWork(database.session)
        service = WebhookService(
            unitOfWork: unitOfWork,
            sealing: CheapWebhookSealing(),
            targets: WebhookTargetsOutside(),
            clock: clock,
            random: SeededRandom()
        )
        webhook = try service.create(try WebhookURL("https://receiver.example/events"), by: Operator())
    }

    private var id: WebhookID { webhook.webhook.id }

    private func watched() throws -> ConsumerState { try service.read(id, by: Operator()).state }

    private func deliveries() throws -> [WebhookDelivery] {
        try service.deliveries(of: id, limit: 100, by: Operator()).reversed()
    }

    /// Rounds until nothing is to be done now.
    private func work() throws {
        let consumer = WebhookConsumer(
            id: id,
            unitOfWork: unitOfWork,
            sealing: CheapWebhookSealing(),
            transport: transport,
            clock: clock
        )
        let relay = Relay(
            SQLOutbox(database.session),
            to: consumer,
            now: { [clock] in clock.instant.microseconds },
            chance: { 1 }
        )
        while try relay.round() == .more {}
    }

    /// The clock goes on, and what comes up is done.
    private func work(seconds: Int64, every step: Int64) throws {
        for _ in 0..<(seconds / step) {
            clock.advance(seconds: step)
            try work()
        }
    }

    @Test func `an event is sent as a signed message, and what came before the webhook is not`() throws {
        // Its own making stands before its place.
        try unitOfWork.tell(.userCreated(.fixture(1)))
        try work()
        let message = try #require(transport.messages.first)
        #expect(transport.messages.count == 1)
        #expect(message.url == "https://receiver.example/events")
        #expect(message.fields["Content-Type"] == "application/cloudevents+json; charset=utf-8")
        #expect(message.fields["webhook-timestamp"] == "1767323045")
        let body = String(decoding: message.body, as: UTF8.self)
        #expect(body.hasPrefix(#"{"specversion":"1.0","id":""#))
        #expect(body.contains(#""source":"/gatehouse","type":"user.created.v1","time":"2026-01-02T03:04:05.678901Z""#))
        #expect(body.hasSuffix(#""sequence":"00000000000000000002","data":{"role":"member","status":"active"}}"#))
        let signature = WebhookConsumer.signature(
            of: message.fields["webhook-id"] ?? "",
            message.body,
            at: .t0,
            webhook.secret
        )
        #expect(message.fields["webhook-signature"] == signature)
        let delivery = try #require(try deliveries().first)
        #expect((delivery.outcome, delivery.status, delivery.attempt) == (.delivered, 200, 1))
        #expect(try watched().behind == 0)
    }

    @Test func `the signature is that of Standard Webhooks`() {
        let secret = WebhookSecret(bytes: Array(0..<32))
        let signature = WebhookConsumer.signature(
            of: "019b7ca9-8f2e-7000-8000-000000000001",
            Array(#"{"a":1}"#.utf8),
            at: .t0,
            secret
        )
        #expect(signature == "v1,pzoT8JMk8hgWFkn9r76YmlUIBO1t3Qp6pWnUNTb503U=")
    }

    @Test func `a receiver that is away for an hour gets everything afterwards, in order`() throws {
        for number in 1...10 as ClosedRange<UInt64> { try unitOfWork.tell(.userEnabled(.fixture(number % 3 + 1))) }
        transport.answer = { _ in throw FakeTransport.Unreachable() }
        try work()
        #expect(transport.messages.count == 1)
        #expect(try watched().failingSince == .t0)
        try work(seconds: Self.hour, every: 60)
        #expect(transport.messages.count < 15)
        transport.answer = { _ in 200 }
        let before = transport.messages.count
        try work(seconds: 2 * Self.hour, every: 60)
        #expect(transport.messages.count == before + 10)
        #expect(try watched() == ConsumerState(behind: 0, waiting: 0, givenUp: 0, failingSince: nil, reason: ""))
        let delivered = try deliveries().filter { $0.outcome == .delivered }.map(\.sequence)
        #expect(delivered == Array(2...11))
    }

    @Test func `what is answered 500 waits with its user, is given up after a day, and can be sent again`() throws {
        try unitOfWork.tell(.userEnabled(.fixture(1)), .userEnabled(.fixture(2)), .userDisabled(.fixture(1)))
        transport.answer = { body in body.contains("\(UserID.fixture(1))") ? 500 : 200 }
        try work()
        #expect(transport.messages.count == 2)
        #expect(try watched().waiting == 2)
        try work(seconds: 26 * Self.hour, every: 600)
        #expect(try watched().givenUp == 2)
        let letters = try service.deadLetters(of: id, limit: 10, by: Operator())
        #expect(letters.map(\.type) == ["user.enabled.v1", "user.disabled.v1"])
        #expect(letters.allSatisfy { $0.reason == "answered 500" && $0.attempts > 0 })
        #expect(try deliveries().contains { $0.outcome == .givenUp })

        transport.answer = { _ in 204 }
        let before = transport.messages.count
        #expect(try service.replay(id, by: Operator()) == 2)
        try work()
        #expect(transport.messages.count == before + 2)
        #expect(try deliveries().suffix(2).map(\.type) == ["user.enabled.v1", "user.disabled.v1"])
        #expect(try watched().givenUp == 0)
        #expect(try service.replay(id, by: Operator()) == 0)
    }

    @Test(arguments: [408, 429, 502, 503, 504]) func `an answer that says later has all wait`(status: Int) throws {
        try unitOfWork.tell(.userEnabled(.fixture(1)), .userEnabled(.fixture(2)))
        transport.answer = { _ in status }
        try work()
        #expect(transport.messages.count == 1)
        #expect(try watched().reason == "answered \(status)")
        #expect(try watched().waiting == 0)
    }

    @Test func `whoever enables a webhook that cannot be reached has it tried at once`() throws {
        try unitOfWork.tell(.userEnabled(.fixture(1)))
        transport.answer = { _ in throw FakeTransport.Unreachable() }
        try work()
        transport.answer = { _ in 200 }
        try work()
        #expect(transport.messages.count == 1)
        _ = try service.update(id, url: nil, status: .active, by: Operator())
        try work()
        #expect(transport.messages.count == 2)
        #expect(try watched().behind == 0)
    }

    @Test func `a webhook that is disabled gets nothing, and all that waited when it is active again`() throws {
        _ = try service.update(id, url: nil, status: .disabled, by: Operator())
        try unitOfWork.tell(.userEnabled(.fixture(1)))
        try work()
        #expect(transport.messages.isEmpty)
        _ = try service.update(id, url: try WebhookURL("https://other.example/"), status: .active, by: Operator())
        #expect(try watched().failingSince == nil)
        try work()
        #expect(Set(transport.messages.map(\.url)) == ["https://other.example/"])
        // What happened to the webhook itself is among it.
        #expect(transport.messages.count == 3)
    }

    @Test func `a webhook that is deleted leaves nothing`() throws {
        try unitOfWork.tell(.userEnabled(.fixture(1)))
        transport.answer = { _ in 500 }
        try work()
        try service.delete(id, by: Operator())
        try work()
        #expect(throws: DomainError.notFound) { try service.read(id, by: Operator()) }
        #expect(try unitOfWork.read { try $0.events.place(of: Webhook.consumer(self.id)) } == nil)
    }

    @Test func `members have no webhooks, and nobody more than twenty`() throws {
        let member = Principal(user: .fixture(1), sessionID: .fixture(1))
        #expect(throws: DomainError.forbidden) { try service.list(by: member) }
        #expect(throws: DomainError.forbidden) { try service.delete(id, by: member) }
        for _ in 1..<Webhook.most {
            clock.advance(seconds: 1)
            _ = try service.create(try WebhookURL("https://receiver.example/"), by: Operator())
        }
        #expect(throws: DomainError.tooManyWebhooks) {
            _ = try service.create(try WebhookURL("https://receiver.example/"), by: Operator())
        }
    }

    @Test func `an address that nothing may be sent to is refused, also as a change`() throws {
        let inside = try WebhookURL("https://127.0.0.1/")
        let refusal = DomainError.validation([
            FieldError(field: "url", message: InvalidValue.webhookTarget.message)
        ])
        #expect(throws: refusal) { _ = try service.create(inside, by: Operator()) }
        #expect(throws: refusal) { _ = try service.update(id, url: inside, status: nil, by: Operator()) }
    }

    @Test(arguments: [
        ("https://Receiver.example/a@b:c", "receiver.example"), ("http://receiver.example:8080", "receiver.example"),
        ("HTTPS://[2001:DB8::1]:443/?x", "2001:db8::1"), ("https://192.0.2.7?x", "192.0.2.7"),
    ])
    func `the host of an address is read as it is connected to`(text: String, host: String) {
        #expect(WebhookURL(stored: text).host == host)
    }

    @Test(arguments: [
        "", "receiver.example", "ftp://receiver.example/", "https://", "https:///x", "https://a@b/", "https://x/#y",
        "https://x y/", "javascript:alert(1)", "https://ex\u{E4}mple/", "https://:443/",
    ])
    func `what is no address of a receiver is refused`(text: String) {
        #expect(throws: InvalidValue.webhookURL) { try WebhookURL(text) }
    }
}

/// A transport that writes down what it is given.
private final class FakeTransport: WebhookTransport {
    struct Unreachable: Error {}

    struct Message {
        let url: String
        let fields: [String: String]
        let body: [UInt8]
    }

    var messages: [Message] = []
    var answer: (String) throws -> Int = { _ in 200 }

    func post(_ message: WebhookMessage, until shouldStop: @escaping () -> Bool) throws -> Int {
        let fields = Dictionary(message.fields.map { ($0.name, $0.value) }) { $1 }
        messages.append(Message(url: message.url.text, fields: fields, body: message.body))
        return try answer(String(decoding: message.body, as: UTF8.self))
    }
}
