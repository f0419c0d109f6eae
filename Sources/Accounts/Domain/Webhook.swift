/// The id of a webhook.
package typealias WebhookID = Identifier<Webhook>

/// Where events are sent to.
package struct Webhook: Hashable, Sendable {
    /// So many there are at most: each has a thread of its own.
    package static let most = 20

    /// Whether events are sent.
    package enum Status: String, CaseIterable, Sendable {
        /// They are.
        case active
        /// They wait until it is active again.
        case disabled
    }

    /// Which one it is.
    package let id: WebhookID
    /// Where to.
    package var url: WebhookURL
    /// Whether events are sent.
    package var status: Status
    /// When it was made.
    package let createdAt: Timestamp
    /// When it was changed last.
    package var updatedAt: Timestamp

    /// Takes all members, as they are stored.
    package init(id: WebhookID, url: WebhookURL, status: Status, createdAt: Timestamp, updatedAt: Timestamp) {
        self.id = id
        self.url = url
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The name under which its place in the log of events is kept.
    package var consumer: String { Self.consumer(id) }

    /// The same for an id.
    package static func consumer(_ id: WebhookID) -> String { "webhook:\(id)" }
}

/// The address of a webhook: http or https, a host, no user and no fragment.
package struct WebhookURL: Hashable, Sendable {
    /// The greatest length in bytes.
    package static let longest = 2048

    /// The text as it was given.
    package let text: String

    /// Whether it begins with https.
    package var isEncrypted: Bool { text.lowercased().hasPrefix("https://") }

    /// The name or address of the machine in small letters; an IPv6 address without its brackets.
    package var host: String {
        let authority = authority
        return authority.first == "["
            ? authority.dropFirst().prefix { $0 != "]" }.lowercased() : authority.prefix { $0 != ":" }.lowercased()
    }

    /// Checks a text; what a name stands for is seen when something is sent.
    package init(_ text: String) throws(InvalidValue) {
        self.text = text
        let forbidden: Set<Character> = ["#", "@", "\\", "<", ">", "\"", "{", "}", "|", "^", "`"]
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            ["https://", "http://"].contains(where: text.lowercased().hasPrefix),
            !authority.isEmpty, authority.first != ":", !text.contains(where: forbidden.contains)
        else { throw .webhookURL }
    }

    /// What stands between the scheme and the path, with the port.
    private var authority: Substring { text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" } }

    /// Takes a text that was stored.
    package init(stored text: String) {
        self.text = text
    }
}

/// What signs the messages to a webhook: 32 random bytes.
package struct WebhookSecret: Hashable, Sendable {
    /// The bytes.
    package let bytes: [UInt8]

    /// Takes the bytes that were stored.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Makes a new one.
    package init(from random: any RandomSource) {
        bytes = (0..<4).flatMap { _ in
            let word = random.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
    }
}

/// Keeps the secrets of webhooks secret where they are stored.
package protocol WebhookSealing {
    /// Encrypts a secret, bound to its webhook.
    func seal(_ secret: WebhookSecret, for id: WebhookID) -> [UInt8]

    /// Decrypts it; nil where the secret of the instance is not known any more.
    func open(_ sealed: [UInt8], for id: WebhookID) -> WebhookSecret?
}

/// Says where webhooks may be sent to.
package protocol WebhookTargetRule {
    /// False where the text alone shows that nothing will ever be sent there.
    ///
    /// Names pass: what they stand for is judged when something is sent, each time.
    func mayReach(_ url: WebhookURL) -> Bool
}

/// One try to send an event to a webhook.
package struct WebhookDelivery: Hashable, Sendable {
    /// For so long it is kept.
    package static let secondsKept: Int64 = 30 * 86_400

    /// What became of it.
    package enum Outcome: String, CaseIterable, Sendable {
        /// It was taken.
        case delivered
        /// It was not, and will be tried again.
        case refused
        /// Nothing can be sent there at present; it will be tried again.
        case unavailable
        /// It was not, and is given up.
        case givenUp = "given_up"
    }

    /// The place of the event in the log.
    package let sequence: Int64
    /// The id of the event.
    package let eventID: UUID
    /// What happened.
    package let type: String
    /// Which try it was, from 1.
    package let attempt: Int
    /// When.
    package let instant: Timestamp
    /// The number of the status; nil where there was no answer.
    package let status: Int?
    /// How long it took.
    package let microseconds: Int
    /// What became of it.
    package let outcome: Outcome
    /// Why it was not taken; empty where it was.
    package let reason: String

    /// Takes all members.
    package init(
        sequence: Int64,
        eventID: UUID,
        type: String,
        attempt: Int,
        instant: Timestamp,
        status: Int?,
        microseconds: Int,
        outcome: Outcome,
        reason: String
    ) {
        self.sequence = sequence
        self.eventID = eventID
        self.type = type
        self.attempt = attempt
        self.instant = instant
        self.status = status
        self.microseconds = microseconds
        self.outcome = outcome
        self.reason = reason
    }
}

/// An event that a consumer did not take, and that is tried no more.
package struct DeadLetter: Hashable, Sendable {
    /// The id of the event.
    package let eventID: UUID
    /// What happened.
    package let type: String
    /// How often it was tried by itself.
    package let attempts: Int
    /// When it was given up.
    package let givenUpAt: Timestamp
    /// Why it was not taken.
    package let reason: String

    /// Takes all members.
    package init(eventID: UUID, type: String, attempts: Int, givenUpAt: Timestamp, reason: String) {
        self.eventID = eventID
        self.type = type
        self.attempts = attempts
        self.givenUpAt = givenUpAt
        self.reason = reason
    }
}

/// How far a consumer of events is.
package struct ConsumerState: Hashable, Sendable {
    /// How many events it has not come to yet.
    package let behind: Int
    /// How many it holds, to be tried again.
    package let waiting: Int
    /// How many were given up.
    package let givenUp: Int
    /// Since when it has been unavailable; nil while it is not.
    package let failingSince: Timestamp?
    /// Why; empty while it is not.
    package let reason: String

    /// Takes all members.
    package init(behind: Int, waiting: Int, givenUp: Int, failingSince: Timestamp?, reason: String) {
        self.behind = behind
        self.waiting = waiting
        self.givenUp = givenUp
        self.failingSince = failingSince
        self.reason = reason
    }
}
