package import Domain
package import Events
internal import JSON
package import Mail
package import Services

/// Sends users mail about what happened.
///
/// The place of the consumer is what says that a mail was sent. Killed between the two, it is sent again, with the same
/// Message-ID and the same token.
package struct MailConsumer: Consumer {
    /// Nothing is done in the store.
    package typealias Transaction = any Domain.Transaction

    /// The name under which the place is kept.
    package static let name = "mail"

    private let letters: LetterService
    private let writer: LetterWriter
    private let transport: any MailTransport
    private let sendsNotices: Bool
    private let sent: (Letter.Kind, Event) -> Void

    /// Gathers what it needs; `sent` is told, for the log, of what was sent.
    package init(
        letters: LetterService,
        writer: LetterWriter,
        transport: any MailTransport,
        sendsNotices: Bool,
        sent: @escaping (Letter.Kind, Event) -> Void
    ) {
        self.letters = letters
        self.writer = writer
        self.transport = transport
        self.sendsNotices = sendsNotices
        self.sent = sent
    }

    package var name: String { Self.name }

    package func takes(_ event: Event) -> Bool {
        switch EventType(rawValue: event.type) {
        case .confirmationRequested: true
        case .signedIn, .passwordChanged, .keyCreated, .userChanged: sendsNotices
        default: false
        }
    }

    package func deliver(_ event: Event, attempt: Int, until shouldStop: @escaping () -> Bool) -> Delivery {
        let letter: Letter?
        do {
            letter = try self.letter(about: event)
        } catch {
            return .unavailable("\(error)")
        }
        guard let letter else { return .done }
        do throws(MailFailure) {
            try transport.send(writer.message(letter, id: event.id), until: shouldStop)
        } catch {
            return switch error {
            case .refusedForGood(let reason): .rejected(reason)
            case .refused(let reason): .refused(reason)
            case .unavailable(let reason): .unavailable(reason)
            }
        }
        sent(letter.kind, event)
        return .done
    }

    private func letter(about event: Event) throws -> Letter? {
        guard case .object(let data)? = try? JSONReader.read(Array(event.data.utf8)) else { return nil }
        if EventType(rawValue: event.type) == .confirmationRequested {
            return try data["confirmation_id"]?.string.flatMap(ConfirmationID.init).flatMap(letters.letter(for:))
        }
        guard let userID = UserID(event.subject) else { return nil }
        let instant = Timestamp(microseconds: event.microseconds)
        switch EventType(rawValue: event.type) {
        case .signedIn:
            return try data["session_id"]?.string.flatMap(SessionID.init)
                .flatMap { try letters.notice(ofSignIn: $0, of: userID) }
        case .keyCreated:
            return try data["key_id"]?.string.flatMap(APIKeyID.init).flatMap {
                try letters.notice(ofKey: $0, of: userID)
            }
        case .passwordChanged:
            return try letters.notice(.passwordChanged, of: userID, at: instant)
        case .userChanged:
            guard case .array(let fields)? = data["fields"], fields.contains(.string("email")) else { return nil }
            return try letters.notice(.emailChanged, of: userID, at: instant)
        default:
            return nil
        }
    }
}
