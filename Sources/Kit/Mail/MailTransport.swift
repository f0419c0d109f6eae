/// What takes messages away.
public protocol MailTransport {
    /// Hands a message over; that it returns means that somebody else is answerable for it now.
    ///
    /// Blocks; for one thread at a time. `shouldStop` is asked about once a second, and true ends the attempt.
    func send(_ message: MailMessage, until shouldStop: @escaping () -> Bool) throws(MailFailure)
}

/// Why a message was not taken.
public enum MailFailure: Error, Equatable, Sendable {
    /// This message will never be taken.
    case refusedForGood(String)
    /// This message is not taken now.
    case refused(String)
    /// No message is taken now.
    case unavailable(String)
}

extension MailFailure: CustomStringConvertible {
    /// The reason.
    public var description: String {
        switch self {
        case .refusedForGood(let reason), .refused(let reason), .unavailable(let reason): reason
        }
    }
}
