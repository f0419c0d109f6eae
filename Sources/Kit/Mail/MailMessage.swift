/// A message for one reader, as text and as HTML.
public struct MailMessage: Sendable {
    /// By what it is known again: letters, digits and hyphens.
    ///
    /// The same message sent twice has the same.
    public let id: String
    /// Who sends it.
    public let sender: Mailbox
    /// Who reads it; the address alone.
    public let recipient: String
    /// One line.
    public let subject: String
    /// When it was written, in microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64
    /// For those who read text.
    public let text: String
    /// The same as HTML.
    public let html: String

    /// Takes all members.
    public init(
        id: String,
        sender: Mailbox,
        recipient: String,
        subject: String,
        microseconds: Int64,
        text: String,
        html: String
    ) {
        self.id = id
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.microseconds = microseconds
        self.text = text
        self.html = html
    }

    /// The message as it is sent (RFC 5322, RFC 2046): lines end with CR LF, and none is longer than 998 bytes.
    ///
    /// The same message gives the same bytes. Whatever its texts hold, they begin no other header field and no other part.
    public func bytes() -> [UInt8] {
        // Quoted-printable writes "=" as "=3D": no line of a part begins like this.
        let boundary = "=_\(id)"
        let domain = sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
        var lines = [
            "Date: \(MailDate.string(microseconds: microseconds))",
            "From: \(sender.field)",
            "To: \(HeaderText.line(recipient))",
            "Subject: \(HeaderText.encoded(subject))",
            "Message-ID: <\(id)@\(HeaderText.line(domain))>",
            // Nobody's holiday note answers it (RFC 3834, section 5).
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
            "",
        ]
        for (type, content) in [("plain", text), ("html", html)] {
            lines += [
                "--\(boundary)",
                "Content-Type: text/\(type); charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                QuotedPrintable.encoded(content),
            ]
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}

/// An address with the name of who has it.
public struct Mailbox: Sendable, Equatable {
    /// What people read; empty where there is none.
    public let name: String
    /// The address alone.
    public let address: String

    /// Takes both.
    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    var field: String {
        let address = HeaderText.line(address)
        return name.isEmpty ? address : "\(HeaderText.encoded(name, isPhrase: true)) <\(address)>"
    }
}
