import Mail
import Testing

/// Messages as they are sent, read back by a small reader of mail.
struct MailMessageTests {
    private func message(
        sender: Mailbox = Mailbox(name: "Site", address: "site@example.org"),
        recipient: String = "ben@example.com",
        subject: String = "Hello",
        microseconds: Int64 = 1_767_323_045_678_901,
        text: String = "One\nTwo\n",
        html: String = "<p>One</p>\n"
    ) -> String {
        let message = MailMessage(
            id: "0199-1",
            sender: sender,
            recipient: recipient,
            subject: subject,
            microseconds: microseconds,
            text: text,
            html: html
        )
        return String(decoding: message.bytes(), as: UTF8.self)
    }

    private func lines(_ message: String) -> [Substring] {
        message.unicodeScalars.split(separator: "\r\n".unicodeScalars).map { Substring($0) }
    }

    @Test func `a message is what stands here`() {
        #expect(
            message()
                == """
                Date: Fri, 02 Jan 2026 03:04:05 +0000
                From: Site <site@example.org>
                To: ben@example.com
                Subject: Hello
                Message-ID: <0199-1@example.org>
                Auto-Submitted: auto-generated
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary="=_0199-1"

                --=_0199-1
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                One
                Two

                --=_0199-1
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                <p>One</p>

                --=_0199-1--

                """.replacing("\n", with: "\r\n")
        )
    }

    @Test(
        arguments: [
            ("plain words", "plain words"),
            // not ASCII: the words under test
            ("Grün", "=?utf-8?B?R3LDvG4=?="),  // not ASCII: as above
            ("=?utf-8?B?QUJD?=", "=?utf-8?B?PT91dGYtOD9CP1FVSkQ/PQ==?="),
            ("a\r\nBcc: x@example.net", "a  Bcc: x@example.net"),
            ("", ""),
        ]
    )
    func `a subject is encoded where it has to be, and begins no other field`(subject: String, written: String) {
        #expect(message(subject: subject).contains("\r\nSubject: \(written)\r\n"))
    }

    @Test func `a long subject is made of several words, none too long, cut between characters`() {
        let subject = String(repeating: "\u{1F511}e\u{301} ", count: 40)
        let text = message(subject: subject)
        let field = text[
            text.firstRange(of: "Subject: ")!.upperBound..<text.firstRange(of: "\r\nMessage-ID")!.lowerBound
        ]
        let words = field.unicodeScalars.split(separator: "\r\n ".unicodeScalars)
        #expect(words.count > 3)
        for word in words {
            #expect(word.count <= 75)
            #expect(String(word).hasPrefix("=?utf-8?B?") && String(word).hasSuffix("?="))
        }
    }

    @Test(
        arguments: [
            ("The Site, Inc.", "=?utf-8?B?VGhlIFNpdGUsIEluYy4=?= <site@example.org>"), ("", "site@example.org"),
            ("A\" <x@example.net>, \"B", "=?utf-8?B?QSIgPHhAZXhhbXBsZS5uZXQ+LCAiQg==?= <site@example.org>"),
        ]
    )
    func `the name of a sender is none of its address`(name: String, field: String) {
        let text = message(sender: Mailbox(name: name, address: "site@example.org"))
        #expect(text.contains("\r\nFrom: \(field)\r\n"))
    }

    @Test func `an address begins no other field either`() {
        let text = message(
            sender: Mailbox(name: "", address: "a@b\r\nBcc: c@d"),
            recipient: "e@f\r\nBcc: g@h\n"
        )
        #expect(!text.contains("\nBcc"))
        #expect(text.contains("\r\nTo: e@fBcc: g@h\r\n"))
    }

    @Test func `no line is longer than 76 characters, and what stands in it comes back`() {
        let body = (0..<50).map { number in
            String(repeating: "x", count: number * 7) + " = \u{FC}\t\u{1F511}"
                + String(repeating: " ", count: number % 3)
        }.joined(separator: "\n")
        let text = message(text: body, html: "")
        for line in text.unicodeScalars.split(separator: "\n") { #expect(line.count <= 77) }
        let head = "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        let start = text.firstRange(of: head)!.upperBound
        let end = text[start...].firstRange(of: "\r\n--=_")!.lowerBound
        #expect(decoded(String(text[start..<end])) == body)
    }

    @Test func `a part cannot end early`() {
        let text = message(text: "--=_0199-1--\n--=_0199-1\n", html: "")
        #expect(text.contains("\r\n\r\n--=3D_0199-1--\r\n--=3D_0199-1\r\n"))
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (951_782_400_000_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_764_287_999_999_999, "Thu, 27 Nov 2025 23:59:59 +0000"),
        ] as [(Int64, String)]
    )
    func `dates have their day of the week`(microseconds: Int64, date: String) {
        #expect(message(microseconds: microseconds).hasPrefix("Date: \(date)\r\n"))
    }

    /// Reads quoted-printable.
    private func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\r\n", with: "").replacing("\r\n", with: "\n").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "=") {
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
