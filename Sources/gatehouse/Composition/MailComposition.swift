internal import Consumers
internal import Domain
internal import Events
internal import Logging
internal import Security
internal import Services
internal import Storage

/// Where the parts of mail meet: who is told of events, and what writes and sends.
enum MailComposition {
    /// Gives mail its place among the events: what happened before is not told.
    ///
    /// Done by whoever can make such events before the first one, and repeated without harm.
    static func begin(in unitOfWork: any UnitOfWork) throws {
        guard try unitOfWork.read({ try $0.events.place(of: MailConsumer.name) }) == nil else { return }
        try unitOfWork.perform { try $0.events.begin(consumer: MailConsumer.name, atFirst: false) }
    }

    /// Takes the place away, where no mail is sent.
    static func end(in unitOfWork: any UnitOfWork) throws {
        guard try unitOfWork.read({ try $0.events.place(of: MailConsumer.name) }) != nil else { return }
        try unitOfWork.perform { try $0.events.end(consumer: MailConsumer.name) }
    }

    /// Makes the consumer on its thread.
    ///
    /// Templates are read here, so that a reload reads them anew. Throws where one is missing or wrong; mail waits then, and
    /// nothing else does.
    static func makeConsumer(
        _ settings: MailSettings,
        keys: InstanceKeys,
        unitOfWork: any UnitOfWork,
        log: Logger
    ) throws -> MailConsumer {
        MailConsumer(
            letters: LetterService(
                unitOfWork: unitOfWork,
                digests: SHA256TokenDigests(),
                tokens: InstanceConfirmationTokens(keys),
                clock: KernelClock()
            ),
            writer: try settings.makeWriter(),
            transport: try settings.makeTransport(),
            sendsNotices: settings.sendsNotices
        ) { kind, event in
            // Neither address nor text: whoever reads logs need not know who gets which mail.
            log.info("mail was sent", metadata: ["mail": "\(kind.rawValue)", "event": "\(event.id)"])
        }
    }
}
