import Consumers
import Domain
import Events
import Linux
import Mail
import Services
import TestSupport
import Testing

/// Events become mails, by the templates that the program comes with.
struct MailConsumerTests {
    /// What was sent, or what keeps it from being sent.
    private final class Postbox: MailTransport {
        var messages: [MailMessage] = []
        var failure: MailFailure?

        func send(_ message: MailMessage, until shouldStop: @escaping () -> Bool) throws(MailFailure) {
            if let failure { throw failure }
            messages.append(message)
        }
    }

    private let unitOfWork = MemoryUnitOfWork()
    private let clock = ManualClock()
    private let random = SeededRandom()
    private let postbox = Postbox()
    private let ben = User.fixture(2, email: "ben@example.com", name: "Ben <b>")

    init() throws {
        try unitOfWork.perform {
            try $0.users.insert(.fixture(2, email: "ben@example.com", name: "Ben <b>"), passwordHash: nil)
        }
    }

    private static func template(_ kind: Letter.Kind) throws -> (text: String, html: String) {
        // Tests/Accounts/ConsumersTests/MailConsumerTests.swift
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        func file(_ kind: String) throws -> String {
            String(decoding: try Files.read("\(root)/mail/\(kind)"), as: UTF8.self)
        }
        return (try file("\(kind.rawValue).txt"), try file("\(kind.rawValue).html"))
    }

    private func consumer(link: String = "https://site.example/account", notices: Bool = true) throws -> MailConsumer {
        MailConsumer(
            letters: LetterService(
                unitOfWork: unitOfWork,
                digests: CheapTokenDigest(),
                tokens: CheapConfirmationTokens(),
                clock: clock
            ),
            writer: try LetterWriter(sender: "site@site.example", site: "Site", link: link, read: Self.template),
            transport: postbox,
            sendsNotices: notices,
            sent: { _, _ in }
        )
    }

    private var confirmations: ConfirmationService {
        ConfirmationService(
            unitOfWork: unitOfWork,
            passwords: CheapPasswordHasher(),
            commonPasswords: CommonPasswords(),
            digests: CheapTokenDigest(),
            tokens: CheapConfirmationTokens(),
            clock: clock,
            random: random,
            life: 1200
        )
    }

    /// The events as the log gives them.
    private func events() -> [Event] {
        unitOfWork.state.events.enumerated().map { number, event in
            let data = event.happening.details.map { name, value in
                switch value {
                case .text(let text): "\"\(name)\":\"\(text)\""
                case .texts(let texts): "\"\(name)\":[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]"
                case .instant: "\"\(name)\":null"
                }
            }
            return Event(
                sequence: Int64(number + 1),
                id: event.id.description,
                type: event.happening.type.rawValue,
                microseconds: event.instant.microseconds,
                subject: event.happening.subject.description,
                traceparent: nil,
                data: "{\(data.joined(separator: ","))}"
            )
        }
    }

    @Test func `a lost password brings a mail with a link, the same one each time`() throws {
        try confirmations.requestPasswordReset(of: EmailAddress("BEN@example.com"))
        let event = try #require(events().last)
        let consumer = try consumer()
        for attempt in 1...2 { #expect(consumer.deliver(event, attempt: attempt, until: { false }) == .done) }
        #expect(postbox.messages.map { $0.bytes() }.allSatisfy { $0 == postbox.messages[0].bytes() })
        let message = try #require(postbox.messages.first)
        #expect(message.id == event.id)
        #expect(message.recipient == "ben@example.com")
        #expect(message.subject == "Set a new password for Site")
        #expect(message.sender == Mailbox(name: "Site", address: "site@site.example"))
        let line = try #require(message.text.split(separator: "\n").first { $0.contains("https://") })
        let link = line.drop { $0 == " " }
        #expect(link.hasPrefix("https://site.example/account/password-reset#token=gh_c_"))
        #expect(message.text.contains("for 20 minutes") && message.text.contains("Hello Ben <b>,"))
        #expect(message.html.contains("\(link)") && message.html.contains("Hello Ben &lt;b&gt;,"))
        let token = String(link.drop { $0 != "=" }.dropFirst())
        try confirmations.resetPassword(by: token, to: Password("correct horse battery"))
    }

    @Test func `without a page of the site the token stands alone`() throws {
        try confirmations.requestPasswordReset(of: EmailAddress("ben@example.com"))
        let event = try #require(events().last)
        #expect(try consumer(link: "").deliver(event, attempt: 1, until: { false }) == .done)
        #expect(postbox.messages[0].text.contains("\n    gh_c_"))
    }

    @Test func `an address that nobody has, and a token whose time is over, bring no mail`() throws {
        try confirmations.requestPasswordReset(of: EmailAddress("nobody@example.com"))
        try confirmations.requestPasswordReset(of: EmailAddress("ben@example.com"))
        clock.advance(seconds: 1200)
        for event in events() { #expect(try consumer().deliver(event, attempt: 1, until: { false }) == .done) }
        #expect(postbox.messages.isEmpty)
    }

    @Test func `every kind of mail comes out of its event`() throws {
        let principal = Principal(user: ben, sessionID: .fixture(1))
        try confirmations.requestVerification(by: principal)
        try confirmations.requestChange(to: EmailAddress("new@example.com"), by: principal)
        clock.advance(seconds: 700)
        let key = APIKey.fixture(1, of: ben.id)
        var other = ben
        other.email = try EmailAddress("other@example.com")
        let occasion = Occasion(at: clock.now(), by: .anyone, from: .machine, random)
        try unitOfWork.perform { transaction in
            try transaction.keys.insert(key, tokenDigest: .fixture(1))
            let session = Session.fixture(1, of: ben.id, at: Timestamp.t0.adding(seconds: 700))
            try transaction.sessions.insert(session, tokenDigest: .fixture(1))
            try transaction.events.append(
                occasion.events([
                    .signedIn(ben.id, .fixture(1)), .keyCreated(key), .passwordChanged(ben.id),
                    .userChanged(from: ben, to: other),
                ])
            )
        }
        let (all, none) = (try consumer(), try consumer(notices: false))
        for event in events() where all.takes(event) {
            #expect(all.deliver(event, attempt: 1, until: { false }) == .done)
        }
        #expect(
            postbox.messages.map(\.subject) == [
                "Confirm your address for Site", "Your address at Site is about to change",
                "Confirm your new address for Site", "New sign-in at Site", "New API key at Site",
                "Your password at Site was changed", "Your address at Site was changed",
            ]
        )
        #expect(postbox.messages[1].text.contains("from ben@example.com to new@example.com"))
        #expect(postbox.messages[2].recipient == "new@example.com")
        #expect(postbox.messages[3].text.contains("Address:  192.0.2.7\n"))
        #expect(postbox.messages[4].text.contains("called \"Key 1\""))
        #expect(events().filter(none.takes).map(\.type) == Array(repeating: "confirmation.requested.v1", count: 3))
        #expect(postbox.messages.allSatisfy { !$0.text.contains("{{") && !$0.html.contains("{{") })
    }

    @Test func `what becomes of a mail decides what becomes of the event`() throws {
        try confirmations.requestPasswordReset(of: EmailAddress("ben@example.com"))
        let event = try #require(events().last)
        let outcomes: [(MailFailure, Delivery)] = [
            (.refusedForGood("no"), .rejected("no")), (.refused("later"), .refused("later")),
            (.unavailable("away"), .unavailable("away")),
        ]
        for (failure, delivery) in outcomes {
            postbox.failure = failure
            #expect(try consumer().deliver(event, attempt: 1, until: { false }) == delivery)
        }
    }

    @Test func `an event that cannot be read is passed over`() throws {
        let event = Event(
            sequence: 1,
            id: "x",
            type: "confirmation.requested.v1",
            microseconds: 0,
            subject: "y",
            traceparent: nil,
            data: "nonsense"
        )
        #expect(try consumer().deliver(event, attempt: 1, until: { false }) == .done)
    }
}
