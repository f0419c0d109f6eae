internal import Base64
internal import Cryptography
package import Domain
package import Events

/// What sends a message over HTTP.
package protocol WebhookTransport {
    /// Sends a POST and gives the number of the status; throws where there is no answer.
    ///
    /// Blocks; `shouldStop` is asked about once a second, and true ends the attempt.
    func post(_ message: WebhookMessage, until shouldStop: @escaping () -> Bool) throws -> Int
}

/// A signed message.
package struct WebhookMessage {
    /// Where it goes.
    package let url: WebhookURL
    /// Header fields.
    package let fields: [(name: String, value: String)]
    /// The event.
    package let body: [UInt8]
}

/// Sends events to one webhook, each as a signed message: CloudEvents 1.0 in its JSON format, signed as Standard Webhooks
/// have it (https://www.standardwebhooks.com): HMAC-SHA256 of id, time and content.
///
/// 2xx means that the receiver has it. Where there is no answer, or one that says "later" (408, 429, 502, 503, 504), nothing
/// else is sent for a while; every other answer may be this event's, so that only its subject waits. What is sent to a webhook,
/// and with which secret, is looked up each time.
package final class WebhookConsumer: Consumer {
    private static let laterStatuses: Set<Int> = [408, 429, 502, 503, 504]

    private let id: WebhookID
    private let unitOfWork: any UnitOfWork
    private let sealing: any WebhookSealing
    private let transport: any WebhookTransport
    private let clock: any Clock
    /// What is to be written down of the tries of a round.
    private var notes: [Int64: Note] = [:]

    private struct Note {
        let instant: Timestamp
        let status: Int?
        let microseconds: Int
    }

    /// Takes what it needs, all for one thread.
    package init(
        id: WebhookID,
        unitOfWork: any UnitOfWork,
        sealing: any WebhookSealing,
        transport: any WebhookTransport,
        clock: any Clock
    ) {
        self.id = id
        self.unitOfWork = unitOfWork
        self.sealing = sealing
        self.transport = transport
        self.clock = clock
    }

    package var name: String { Webhook.consumer(id) }

    package func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery {
        let webhook: (webhook: Webhook, sealedSecret: [UInt8])?
        do {
            webhook = try unitOfWork.read { try $0.webhooks.find(id) }
        } catch {
            return .unavailable("\(error)")
        }
        guard let (webhook, sealed) = webhook, webhook.status == .active else {
            return .unavailable("the webhook is disabled")
        }
        guard let secret = sealing.open(sealed, for: id) else {
            return .unavailable("its secret was sealed under one of the instance that is not known any more")
        }
        return send(message(event, to: webhook.url, secret), of: event, until: shouldStop)
    }

    private func message(_ event: Event, to url: WebhookURL, _ secret: WebhookSecret) -> WebhookMessage {
        let (body, now) = (event.cloudEvent(source: EventType.source), clock.now())
        return WebhookMessage(
            url: url,
            fields: [
                (name: "Content-Type", value: "application/cloudevents+json; charset=utf-8"),
                (name: "webhook-id", value: event.id),
                (name: "webhook-timestamp", value: "\(now.microseconds / 1_000_000)"),
                (name: "webhook-signature", value: Self.signature(of: event.id, body, at: now, secret)),
            ],
            body: body
        )
    }

    private func send(
        _ message: WebhookMessage,
        of event: Event,
        until shouldStop: @escaping () -> Bool
    ) -> Delivery {
        let start = clock.now()
        let result = Result { try transport.post(message, until: shouldStop) }
        notes[event.sequence] = Note(
            instant: start,
            status: try? result.get(),
            microseconds: Int(max(0, clock.now().microseconds - start.microseconds))
        )
        switch result {
        case .success(200..<300): return .done
        case .success(let status) where Self.laterStatuses.contains(status): return .unavailable("answered \(status)")
        case .success(let status): return .refused("answered \(status)")
        case .failure(let error): return .unavailable("\(error)")
        }
    }

    /// `v1,` and the tag in base64.
    package static func signature(
        of id: String,
        _ body: [UInt8],
        at instant: Timestamp,
        _ secret: WebhookSecret
    ) -> String {
        let content = Array("\(id).\(instant.microseconds / 1_000_000).".utf8) + body
        return "v1,\(Base64.encode(HMACSHA256.tag(of: content, key: secret.bytes)))"
    }

    package func record(_ attempts: [Attempt], in transaction: any Transaction) throws {
        let deliveries = attempts.compactMap { attempt -> WebhookDelivery? in
            guard let note = notes[attempt.event.sequence], let eventID = UUID(attempt.event.id) else { return nil }
            let (outcome, reason) = Self.told(attempt)
            return WebhookDelivery(
                sequence: attempt.event.sequence,
                eventID: eventID,
                type: attempt.event.type,
                attempt: attempt.number,
                instant: note.instant,
                status: note.status,
                microseconds: note.microseconds,
                outcome: outcome,
                reason: reason
            )
        }
        try transaction.webhooks.record(deliveries, of: id)
        // Those of this round stay: it may be recorded again.
        let sequences = Set(attempts.map(\.event.sequence))
        notes = notes.filter { sequences.contains($0.key) }
    }

    private static func told(_ attempt: Attempt) -> (WebhookDelivery.Outcome, String) {
        switch attempt.delivery {
        case .done: (.delivered, "")
        case .refused(let reason): (attempt.isLast ? .givenUp : .refused, reason)
        case .rejected(let reason): (.givenUp, reason)
        case .unavailable(let reason): (attempt.isLast ? .givenUp : .unavailable, reason)
        }
    }
}
