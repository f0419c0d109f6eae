internal import CCurl

/// Hands messages to a mail server by SMTP (RFC 5321).
///
/// Each message has a connection of its own, ended by QUIT. Certificates are checked; TLS is 1.2 or later. That a
/// message was sent means that the server has taken it upon itself. Where the connection breaks behind the message's
/// end, the server may have taken it all the same: sent again it comes twice.
///
/// For one thread at a time. Blocks for as long as the limits say.
public struct SMTPClient: ~Copyable {
    private let server: SMTPServer
    private let handle: Handle

    /// Makes a client without a connection.
    ///
    /// - Throws: where libcurl cannot be used.
    public init(_ server: SMTPServer) throws(TransferError) {
        self.server = server
        handle = try Handle()
    }

    /// Sends a message to one address.
    ///
    /// - Parameters:
    ///   - bytes: the message as it stands in the mailbox later (RFC 5322): lines end with CR LF, and none is longer
    ///     than 998 bytes.
    ///   - recipient: the address alone, without a name.
    ///   - sender: whom the server tells of what it cannot deliver; the address alone.
    ///   - shouldStop: is asked about once a second; true ends the attempt with `interrupted`.
    /// - Throws: where the server has not taken it, or has not said so.
    public mutating func send(
        _ bytes: [UInt8],
        to recipient: String,
        from sender: String,
        until shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) {
        try handle.prepare(protocols: "smtp,smtps", limits: server.limits, authorities: server.authorities)
        try handle.set(CURLOPT_URL, try server.url())
        try handle.set(CURLOPT_USE_SSL, Int((server.security == .startTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue))
        if let credentials = server.credentials {
            try handle.set(CURLOPT_USERNAME, credentials.user)
            try handle.set(CURLOPT_PASSWORD, credentials.password)
        }
        try handle.set(CURLOPT_MAIL_FROM, try Self.path(sender))
        let recipients = try TextList([try Self.path(recipient)], for: handle)
        try handle.set(CURLOPT_MAIL_RCPT, recipients)
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.setUploadSize(bytes.count)
        try handle.set(CURLOPT_FORBID_REUSE, 1)

        let exchange = Exchange(rule: server.rule, upload: bytes, shouldStop: shouldStop)
        let code = try handle.perform(exchange)
        guard code == CURLE_OK else { throw failure(code, exchange) }
    }

    /// `<address>`, which cannot end early or begin another command.
    private static func path(_ address: String) throws(TransferError) -> String {
        guard (1...254).contains(address.utf8.count),
            address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"<>".utf8.contains($0) })
        else { throw .malformed("no mail address") }
        return "<\(address)>"
    }

    private func failure(_ code: CURLcode, _ exchange: Exchange) -> TransferError {
        let status = handle.responseCode
        let reply = SMTPReply(code: status, line: exchange.refusal)
        switch code {
        // The sign-in was refused.
        case CURLE_LOGIN_DENIED: return .accessRefused(reply)
        // MAIL, RCPT or DATA was refused, or what followed after the message's end.
        case CURLE_SEND_ERROR where (400...599).contains(status),
            CURLE_WEIRD_SERVER_REPLY where (400...599).contains(status) && exchange.isUploaded:
            return Self.aboutAccess.contains(status) ? .accessRefused(reply) : .messageRefused(reply)
        // The greeting was: no client is served now.
        case CURLE_WEIRD_SERVER_REPLY where (400...599).contains(status): return .accessRefused(reply)
        default: return handle.failure(code, exchange)
        }
    }

    /// The codes by which a server asks for a sign-in or for encryption (RFC 4954, section 6; RFC 3207, section 4), and
    /// those by which it closes or does not serve at all (421, 521, 556).
    private static let aboutAccess: Set<Int> = [421, 454, 521, 530, 534, 535, 538, 556]
}

/// A mail server, and how it is spoken to.
public struct SMTPServer: Sendable {
    /// How a connection is kept secret.
    public enum Security: String, Sendable, CaseIterable {
        /// Not at all: for a server on the same machine.
        case none
        /// It begins in clear and must change to TLS before anything else is said (STARTTLS, port 587 or 25).
        case startTLS = "starttls"
        /// TLS from the first byte (port 465; RFC 8314).
        case implicitTLS = "tls"
    }

    /// Who signs in.
    public struct Credentials: Sendable {
        let user: String
        let password: String

        /// Names the user and its password.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Its name, or its address in digits.
    public let host: String
    /// Its port.
    public let port: UInt16
    /// How a connection is kept secret.
    public let security: Security
    /// Who signs in; nobody where there are none.
    public var credentials: Credentials?
    /// What the client calls itself in EHLO; nil for the machine's own name.
    public var clientName: String?
    /// How long one message may take.
    public var limits = TransferLimits(connecting: .seconds(10), total: .seconds(60))
    /// Where it may lead to; anywhere, as the operator has named it.
    public var rule = AddressRule.any
    /// A file of certificates to trust in place of the system's.
    public var authorities: String?

    /// Names a server.
    public init(host: String, port: UInt16, security: Security) {
        self.host = host
        self.port = port
        self.security = security
    }

    func url() throws(TransferError) -> String {
        guard Self.isName(host), clientName.map(Self.isName) ?? true else {
            throw .malformed("no name of a mail server: \(host.prefix(80))")
        }
        let place = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(security == .implicitTLS ? "smtps" : "smtp")://\(place):\(port)/\(clientName ?? "")"
    }

    /// Letters, digits and what stands between them in names and addresses.
    private static func isName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-.:_".utf8.contains(byte)
                }
            }
    }
}
