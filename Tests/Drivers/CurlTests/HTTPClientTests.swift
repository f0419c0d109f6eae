import Curl
import Linux
import LinuxTestSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct HTTPClientTests {
    private func options(_ change: (inout HTTPClient.Options) -> Void = { _ in }) -> HTTPClient.Options {
        var options = HTTPClient.Options(agent: "Test/1")
        options.rule = .any
        options.limits = TransferLimits(connecting: .seconds(60), total: .seconds(120))
        change(&options)
        return options
    }

    private func request(_ url: String, body: String = "{}") -> HTTPRequest {
        HTTPRequest(url: url, fields: [("Content-Type", "application/json"), ("X-One", "1")], body: Array(body.utf8))
    }

    private func failure(_ options: HTTPClient.Options, _ request: HTTPRequest) throws -> TransferError {
        var client = try HTTPClient(options)
        do throws(TransferError) {
            let answer = try client.post(request)
            throw TransferError.broken("answered with \(answer.status)")
        } catch {
            return error
        }
    }

    @Test func `fields and body arrive, and the answer comes back`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        let answer = try client.post(request(server.url("/echo"), body: #"{"a":"b"}"#))
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 200)
        #expect(!answer.isBodyCut)
        for line in ["Content-Type: application/json\n", "X-One: 1\n", "User-Agent: Test/1\n", "Content-Length: 9\n"] {
            #expect(text.contains(line))
        }
        #expect(text.hasSuffix("\n\n{\"a\":\"b\"}"))
        #expect(!text.contains("Expect"))
    }

    @Test func `a body may be empty`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        let answer = try client.post(request(server.url("/echo"), body: ""))
        #expect(String(decoding: answer.body, as: UTF8.self).contains("Content-Length: 0\n"))
    }

    @Test func `requests to one server share a connection, also over one that was closed`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        var ports: [String] = []
        for path in ["/echo", "/echo", "/close", "/echo"] {
            let text = String(decoding: try client.post(request(server.url(path))).body, as: UTF8.self)
            ports.append(String(text.prefix { $0 != "\n" }))
        }
        #expect(ports[0] == ports[1])
        #expect(ports[1] != ports[3])
    }

    @Test func `any status is an answer, with the time that the server asks for`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        let answer = try client.post(request(server.url("/busy")))
        #expect(answer.status == 503)
        #expect(answer.retryAfter == .seconds(7))
        #expect(answer.body == Array("later".utf8))
    }

    @Test func `no redirect is followed`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        #expect(try client.post(request(server.url("/elsewhere"))).status == 302)
    }

    @Test func `a long answer is cut, and the client can be used again`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options { $0.bodyLimit = 1_000 })
        let answer = try client.post(request(server.url("/large")))
        #expect(answer.status == 200)
        #expect(answer.isBodyCut)
        #expect(answer.body == Array(repeating: UInt8(ascii: "x"), count: 1_000))
        #expect(try client.post(request(server.url("/busy"))).status == 503)
    }

    @Test func `what is not public is not connected to`() throws {
        let server = try WebServer()
        let refused = try failure(options { $0.rule = .publicOnly }, request(server.url("/echo")))
        #expect(refused == .addressRefused("127.0.0.1"))
        #expect(refused.isTemporary)
    }

    @Test(arguments: ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"])
    func `loopback is refused however it is written`(host: String) throws {
        let refused = try failure(options { $0.rule = .publicOnly }, request("http://\(host):9/"))
        guard case .addressRefused = refused else {
            Issue.record("\(refused)")
            return
        }
    }

    @Test func `the rule judges the address that the connection goes to`() throws {
        let server = try WebServer()
        let asked = Mutex<[String]>([])
        var client = try HTTPClient(
            options { options in
                options.rule = AddressRule { address in
                    asked.withLock { $0.append(address.description) }
                    return address.bytes == [127, 0, 0, 1]
                }
            }
        )
        // Whatever addresses the name has here, only the one that is permitted is used.
        #expect(try client.post(request("http://localhost:\(server.port)/echo")).status == 200)
        #expect(asked.withLock { $0 }.contains("127.0.0.1"))
    }

    @Test(
        arguments: [
            "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "smtp://127.0.0.1/", "no url", "",
            "http://user:secret@127.0.0.1/", "http://127.0.0.1\r\nX: y/",
        ]
    )
    func `other protocols, credentials and rubbish are refused for good`(url: String) throws {
        let refused = try failure(options(), request(url))
        guard case .malformed = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(!refused.isTemporary)
    }

    @Test(arguments: [
        ("X-A", "b\r\nX-Evil: 1"), ("X-A\nX-B", "1"), ("X A", "1"), ("", "1"), ("X-A", ""), ("X-A", "\0"),
    ])
    func `no header field can begin another`(name: String, value: String) throws {
        let server = try WebServer()
        let refused = try failure(
            options(),
            HTTPRequest(url: server.url("/echo"), fields: [(name, value)], body: [])
        )
        #expect(!refused.isTemporary)
    }

    @Test func `a server that does not answer costs no more than the limit`() throws {
        let server = try WebServer()
        let late = try failure(
            options { $0.limits = TransferLimits(connecting: .seconds(5), total: .milliseconds(300)) },
            request(server.url("/silent"))
        )
        guard case .timedOut = late else {
            Issue.record("\(late)")
            return
        }
    }

    @Test func `a request can be interrupted from outside`() throws {
        let server = try WebServer()
        var client = try HTTPClient(options())
        #expect(throws: TransferError.interrupted) {
            _ = try client.post(request(server.url("/silent")), until: { true })
        }
    }

    @Test func `a connection that ends without an answer is told from one that was never made`() throws {
        let server = try WebServer()
        let broken = try failure(options(), request(server.url("/abrupt")))
        guard case .broken = broken else {
            Issue.record("\(broken)")
            return
        }
        let unreachable = try failure(options(), request("http://127.0.0.1:1/"))
        guard case .unreachable = unreachable else {
            Issue.record("\(unreachable)")
            return
        }
        #expect(broken.isTemporary && unreachable.isTemporary)
    }

    @Test func `certificates are checked`() throws {
        let certificate = try TestCertificate()
        let server = try WebServer(certificate)
        let refused = try failure(options(), request(server.url("/echo")))
        guard case .insecure = refused else {
            Issue.record("\(refused)")
            return
        }
        var client = try HTTPClient(options { $0.authorities = certificate.certificate })
        #expect(try client.post(request(server.url("/echo"))).status == 200)
    }

    @Test func `threads take a client each`() throws {
        let server = try WebServer()
        let options = options()
        let statuses = Mutex<[Int]>([])
        try onThreads(4) { number in
            guard var client = try? HTTPClient(options) else { return }
            for _ in 0..<10 {
                guard let answer = try? client.post(request(server.url("/echo"), body: "\(number)")) else { continue }
                statuses.withLock {
                    $0.append(answer.body.last == UInt8(ascii: "0") + UInt8(number) ? answer.status : 0)
                }
            }
        }
        #expect(statuses.withLock { $0 } == Array(repeating: 200, count: 40))
    }
}
