/// Why something was not delivered.
///
/// The reasons are English for the log and for operators; they hold no password and no body.
public enum TransferError: Error, Equatable, Sendable {
    /// What was to be sent, or where, cannot be sent at all; nothing was.
    case malformed(String)
    /// The name leads to addresses only that may not be connected to; they are named.
    case addressRefused(String)
    /// The name could not be resolved, or no connection was made.
    case unreachable(String)
    /// It took longer than it may.
    case timedOut(String)
    /// TLS failed: no common version, or a certificate that is not trusted.
    case insecure(String)
    /// A mail server refused to be spoken to: the sign-in, or the connection altogether.
    case accessRefused(SMTPReply)
    /// A mail server refused the message or one of its addresses.
    case messageRefused(SMTPReply)
    /// The connection or the protocol broke. What was sent may have arrived or not.
    case broken(String)
    /// The caller wanted it to stop.
    case interrupted

    /// Whether a later try of the very same can have another outcome.
    ///
    /// False for what cannot be sent, and for messages that a mail server refuses for good (5yz, RFC 5321, section
    /// 4.2.1). What the operator can mend, such as a wrong password or certificate, is temporary: no message is lost
    /// by it.
    public var isTemporary: Bool {
        switch self {
        case .malformed: false
        case .messageRefused(let reply): !(500...599).contains(reply.code)
        default: true
        }
    }
}

extension TransferError: CustomStringConvertible {
    /// In one line.
    public var description: String {
        switch self {
        case .malformed(let reason): "cannot be sent: \(reason)"
        case .addressRefused(let addresses): "not permitted to connect to \(addresses)"
        case .unreachable(let reason): "not reached: \(reason)"
        case .timedOut(let reason): "not done in time: \(reason)"
        case .insecure(let reason): "no trusted connection: \(reason)"
        case .accessRefused(let reply): "the mail server refuses to be used: \(reply)"
        case .messageRefused(let reply): "the mail server refuses the message: \(reply)"
        case .broken(let reason): "the connection broke: \(reason)"
        case .interrupted: "interrupted"
        }
    }
}

/// What a mail server said last.
public struct SMTPReply: Equatable, Sendable, CustomStringConvertible {
    /// Its code of three digits (RFC 5321, section 4.2).
    public let code: Int
    /// Its line, with the code, at most 200 printable characters; empty where it said nothing.
    public let line: String

    /// Takes both as they are.
    public init(code: Int, line: String) {
        self.code = code
        self.line = line
    }

    /// Its line, or the code alone.
    public var description: String { line.isEmpty ? "\(code)" : line }
}
