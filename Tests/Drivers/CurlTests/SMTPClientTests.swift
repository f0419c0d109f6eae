import Curl
import Linux
import LinuxTestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct SMTPClientTests {
    private let message = "From: a@example.org\r\nSubject: Hello\r\n\r\nFirst\r\n.\r\n..two\r\nlast\r\n"

    private func server(_ mail: MailServer, _ security: SMTPServer.Security = .none) -> SMTPServer {
        var server = SMTPServer(host: "127.0.0.1", port: mail.port, security: security)
        server.limits = TransferLimits(connecting: .seconds(60), total: .seconds(120))
        return server
    }

    private func send(_ server: SMTPServer, to recipient: String = "b@example.net") throws(TransferError) {
        var client = try SMTPClient(server)
        try client.send(Array(message.utf8), to: recipient, from: "a@example.org")
    }

    private func failure(_ server: SMTPServer, to recipient: String = "b@example.net") -> TransferError? {
        do throws(TransferError) {
            try send(server, to: recipient)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a message arrives byte by byte, with its envelope`() throws {
        let mail = try MailServer()
        var server = server(mail)
        server.clientName = "gatehouse.test"
        try send(server)
        #expect(try mail.messages() == [message])
        let envelope = try #require(try mail.envelopes().first)
        #expect(envelope.contains(#""from": "a@example.org", "to": ["b@example.net"], "hello": "gatehouse.test""#))
    }

    @Test func `a client sends one message after another`() throws {
        let mail = try MailServer()
        var client = try SMTPClient(server(mail))
        for number in 1...3 {
            try client.send(Array("N: \(number)\r\n\r\n".utf8), to: "b@example.net", from: "a@example.org")
        }
        #expect(try mail.messages() == (1...3).map { "N: \($0)\r\n\r\n" })
    }

    @Test func `a server that needs STARTTLS and a sign-in gets both`() throws {
        let certificate = try TestCertificate()
        let mail = try MailServer(
            "--certificate '\(certificate.certificate)' --key '\(certificate.key)' --user gate --password 'pass word'"
        )
        var server = server(mail, .startTLS)
        server.authorities = certificate.certificate
        server.credentials = SMTPServer.Credentials(user: "gate", password: "pass word")
        try send(server)
        #expect(try mail.envelopes().first?.contains(#""tls": true, "user": "gate""#) == true)

        server.credentials = SMTPServer.Credentials(user: "gate", password: "wrong")
        let refused = try #require(failure(server))
        guard case .accessRefused(let reply) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(reply.code == 535)
        #expect(refused.isTemporary)
        #expect(!"\(refused)".contains("wrong"))
    }

    @Test func `TLS from the first byte works too`() throws {
        let certificate = try TestCertificate()
        let mail = try MailServer(
            "--certificate '\(certificate.certificate)' --key '\(certificate.key)' --implicit-tls"
        )
        var server = server(mail, .implicitTLS)
        server.authorities = certificate.certificate
        try send(server)
        #expect(try mail.envelopes().count == 1)
    }

    @Test func `nothing is sent where TLS is wanted and there is none that is trusted`() throws {
        let plain = try MailServer()
        let certificate = try TestCertificate()
        let untrusted = try MailServer("--certificate '\(certificate.certificate)' --key '\(certificate.key)'")
        for mail in [plain, untrusted] {
            let refused = try #require(failure(server(mail, .startTLS)))
            guard case .insecure = refused else {
                Issue.record("\(refused)")
                return
            }
            #expect(refused.isTemporary)
            #expect(try mail.messages() == [])
        }
    }

    @Test(
        arguments: [
            ("rcpt=550 5.1.1 Unknown user", 550, false), ("rcpt=450 4.2.1 Later", 450, true),
            ("data=554 5.7.1 No", 554, false), ("data=451 4.3.0 Later", 451, true),
            ("end=554 5.6.0 Rejected", 554, false), ("end=452 4.3.1 Full", 452, true),
        ]
    )
    func `a refusal says whether it is for good`(answer: String, code: Int, isTemporary: Bool) throws {
        let mail = try MailServer("--answer '\(answer)'")
        let refused = try #require(failure(server(mail)))
        let line = String(answer[answer.index(after: try #require(answer.firstIndex(of: "=")))...])
        #expect(refused == .messageRefused(SMTPReply(code: code, line: line)))
        #expect(refused.isTemporary == isTemporary)
        #expect(try mail.messages() == [])
    }

    @Test(arguments: ["data=421 4.3.2 Closing", "rcpt=530 5.7.0 Sign in first"])
    func `a server that does not want to be used refuses no message`(answer: String) throws {
        let mail = try MailServer("--answer '\(answer)'")
        let refused = try #require(failure(server(mail)))
        guard case .accessRefused = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(refused.isTemporary)
    }

    @Test(arguments: [
        "b@example.net>\r\nRCPT TO:<c@example.net", "b@example.net\r\nDATA", "<b@example.net>", "", "a b@c",
    ])
    func `no address can say another command`(address: String) throws {
        let mail = try MailServer()
        let refused = try #require(failure(server(mail), to: address))
        #expect(refused == .malformed("no mail address"))
        #expect(try mail.messages() == [])
    }

    @Test(arguments: ["mail.example.org/x", "a b", "", "h\r\nQUIT"])
    func `no name of a server can be another URL`(host: String) {
        let refused = failure(SMTPServer(host: host, port: 25, security: .none))
        #expect(refused?.isTemporary == false)
    }

    @Test func `a server that is not there is for later, and one that is silent costs no more than the limit`() throws {
        let absent = try #require(failure(SMTPServer(host: "127.0.0.1", port: 1, security: .none)))
        guard case .unreachable = absent else {
            Issue.record("\(absent)")
            return
        }
        #expect(absent.isTemporary)

        // It accepts by its queue alone, and says nothing.
        let silent = try LoopbackServer(
            """
            exec python3 -c 'import socket, threading
            listener = socket.create_server(("127.0.0.1", 0)); print(listener.getsockname()[1], flush=True)
            threading.Event().wait(600)'
            """,
            output: "/dev/null"
        )
        var server = SMTPServer(host: "127.0.0.1", port: silent.port, security: .none)
        server.limits = TransferLimits(connecting: .milliseconds(300), total: .milliseconds(300))
        let late = try #require(withExtendedLifetime(silent) { failure(server) })
        guard case .timedOut = late else {
            Issue.record("\(late)")
            return
        }
    }
}
