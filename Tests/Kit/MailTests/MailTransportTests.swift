import Curl
import Linux
import LinuxTestSupport
import Mail
import Testing

@Suite(.timeLimit(.minutes(10))) struct MailTransportTests {
    private let message = MailMessage(
        id: "id-1",
        sender: Mailbox(name: "Site", address: "site@example.org"),
        recipient: "ben@example.com",
        subject: "Hello",
        microseconds: 1_767_323_045_678_901,
        text: "Hello\n.\nagain",
        html: "<p>Hello</p>"
    )

    private func server(_ mail: MailServer) -> SMTPServer {
        var server = SMTPServer(host: "127.0.0.1", port: mail.port, security: .none)
        server.limits = TransferLimits(connecting: .seconds(60), total: .seconds(120))
        return server
    }

    private func failure(_ transport: SMTPTransport) -> MailFailure? {
        do throws(MailFailure) {
            try transport.send(message, until: { false })
            return nil
        } catch {
            return error
        }
    }

    @Test func `a mail server gets the message as it was written`() throws {
        let mail = try MailServer()
        try SMTPTransport(server(mail)).send(message, until: { false })
        #expect(try mail.messages() == [String(decoding: message.bytes(), as: UTF8.self)])
        #expect(try mail.envelopes().first?.contains(#""from": "site@example.org", "to": ["ben@example.com"]"#) == true)
    }

    @Test func `what a mail server says decides whether the message, or all mail, waits or is given up`() throws {
        let final = try MailServer("--answer 'rcpt=550 5.1.1 Unknown'")
        let temporary = try MailServer("--answer 'end=451 4.3.0 Later'")
        let closed = try MailServer("--answer 'rcpt=530 5.7.0 Sign in'")
        guard case .refusedForGood(let reason) = failure(try SMTPTransport(server(final))) else {
            Issue.record("not refused for good")
            return
        }
        #expect(reason == "the mail server refuses the message: 550 5.1.1 Unknown")
        guard case .refused = failure(try SMTPTransport(server(temporary))) else {
            Issue.record("not refused for now")
            return
        }
        guard case .unavailable = failure(try SMTPTransport(server(closed))),
            case .unavailable = failure(try SMTPTransport(SMTPServer(host: "127.0.0.1", port: 1, security: .none)))
        else {
            Issue.record("not unavailable")
            return
        }
    }

    @Test func `a directory gets a file for its owner, and the same one where it is sent again`() throws {
        let directory = try TemporaryDirectory()
        let transport = DirectoryTransport(directory.file("mail"))
        for _ in 0..<2 { try transport.send(message, until: { false }) }
        let names = try Files.names(inDirectory: directory.file("mail"))
        #expect(names == ["2026-01-02T030405.678901Z-id-1.eml"])
        #expect(try Files.read("\(directory.file("mail"))/\(names[0])") == message.bytes())
        #expect(try directory.permissions(of: "mail") == "700")
        #expect(try directory.permissions(of: "mail/\(names[0])") == "600")
    }

    @Test func `a directory that cannot be written in is told, and waited for`() throws {
        let directory = try TemporaryDirectory()
        try Files.replace(directory.file("mail"), with: [], permissions: 0o600)
        do throws(MailFailure) {
            try DirectoryTransport(directory.file("mail")).send(message, until: { false })
            Issue.record("it was written")
        } catch {
            guard case .unavailable = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
