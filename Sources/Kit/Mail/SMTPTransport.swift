public import Curl

/// Hands messages to a mail server.
public final class SMTPTransport: MailTransport {
    private var client: SMTPClient

    /// Takes the server; nothing is connected yet.
    ///
    /// - Throws: where libcurl cannot be used.
    public init(_ server: SMTPServer) throws(TransferError) {
        client = try SMTPClient(server)
    }

    /// Sends the message in a connection of its own.
    public func send(_ message: MailMessage, until shouldStop: @escaping () -> Bool) throws(MailFailure) {
        do throws(TransferError) {
            try client.send(message.bytes(), to: message.recipient, from: message.sender.address, until: shouldStop)
        } catch {
            switch error {
            case .malformed: throw .refusedForGood("\(error)")
            case .messageRefused: throw error.isTemporary ? .refused("\(error)") : .refusedForGood("\(error)")
            default: throw .unavailable("\(error)")
            }
        }
    }
}
