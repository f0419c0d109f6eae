import Testing

@testable import Doctor

struct NginxSiteCheckTests {
    private let check = NginxSiteCheck(
        directory: "/site",
        expectation: .init(
            listen: "unix:/data/run/gatehouse.sock",
            statusListen: "unix:/data/run/status.sock",
            bodyLimit: 65_536,
            requestTimeout: 30_000
        )
    )
    private static let server = #"server "unix:/data/run/gatehouse.sock" max_fails=0;"#
    private static let status = #"upstream gatehouse_status { server "unix:/data/run/status.sock"; }"#
    private let upstream = "upstream gatehouse { \(server) \(server) } \(status)"
    private let limits = "client_max_body_size 64k;"
    private let fastcgi =
        "fastcgi_read_timeout 60s; fastcgi_param REQUEST_ID $request_id; fastcgi_next_upstream error non_idempotent;"

    private func findings(upstream: String? = nil, limits: String? = nil, fastcgi: String? = nil) -> [Finding] {
        check.findings(
            upstream: NginxDirectives(upstream ?? self.upstream),
            limits: NginxDirectives(limits ?? self.limits),
            fastcgi: NginxDirectives(fastcgi ?? self.fastcgi)
        )
    }

    @Test func `a site that goes with the pool is good`() {
        #expect(findings().map(\.severity) == [.ok])
        #expect(findings(limits: "client_max_body_size 0;").map(\.severity) == [.ok])
        #expect(findings(limits: "").map(\.severity) == [.ok])
    }

    @Test func `another socket is an error that names both`() throws {
        let server = "server unix:/else.sock max_fails=0;"
        let findings = findings(upstream: "upstream gatehouse { \(server) \(server) }")
        #expect(findings.map(\.severity) == [.error])
        #expect(findings.first?.message.contains("unix:/else.sock") == true)
        #expect(findings.first?.message.contains("unix:/data/run/gatehouse.sock") == true)
        #expect(self.findings(upstream: "").map(\.severity) == [.error])
        // A site that was written by a version without the status socket.
        let old = self.findings(upstream: "upstream gatehouse { \(Self.server) \(Self.server) }")
        #expect(old.map(\.severity) == [.error])
        #expect(old.first?.message.contains("unix:/data/run/status.sock") == true)
    }

    @Test(arguments: ["63k", "1", "65535"])
    func `bodies that nginx refuses and the pool would take are an error`(size: String) {
        #expect(findings(limits: "client_max_body_size \(size);").map(\.severity) == [.error])
    }

    @Test(arguments: ["30s", "30", "500ms"])
    func `nginx must not give up first`(time: String) {
        let text = "fastcgi_read_timeout \(time); " + fastcgi.split(separator: "; ").dropFirst().joined(separator: "; ")
        #expect(findings(fastcgi: text).map(\.severity) == [.error])
    }

    @Test func `a value that cannot be read is a warning`() {
        #expect(findings(limits: "client_max_body_size many;").map(\.severity) == [.warning])
        #expect(findings(limits: "client_max_body_size 99999999999999999g;").map(\.severity) == [.warning])
    }

    @Test func `requests without an id are an error`() {
        let text = "fastcgi_next_upstream error non_idempotent; # fastcgi_param REQUEST_ID $request_id;\n"
        #expect(findings(fastcgi: text).map(\.severity) == [.error])
    }

    @Test(arguments: [
        (1, "max_fails=0", "error non_idempotent"), (2, "", "error non_idempotent"), (2, "max_fails=0", "error"),
        (2, "max_fails=0", "off"),
    ])
    func `a site that tries no other worker is warned of`(servers: Int, options: String, conditions: String) {
        let server = "server unix:/data/run/gatehouse.sock \(options);"
        let upstream = "upstream gatehouse { \(String(repeating: server, count: servers)) } \(Self.status)"
        let text = "fastcgi_next_upstream \(conditions); fastcgi_param REQUEST_ID $request_id;"
        #expect(findings(upstream: upstream, fastcgi: text).map(\.severity) == [.warning])
    }

    @Test func `what nginx says of its configuration is passed on`() {
        let test = NginxTestCheck(file: "/site/nginx.conf", searchPath: "")
        #expect(test.finding(isGood: true, "").severity == .ok)
        let error = test.finding(isGood: false, "nginx: [warn] a\nnginx: [emerg] unknown directive \"x\" in /f:3\n")
        #expect(error.severity == .error)
        #expect(error.message.contains("unknown directive"))
        #expect(
            test.finding(isGood: false, "nginx: [emerg] bind() failed (13: Permission denied)").severity == .warning
        )
        #expect(test.finding(isGood: false, "").severity == .error)
    }
}

struct NginxDirectivesTests {
    @Test func `words, quotes, comments and blocks are read as nginx reads them`() {
        let text = """
            # a comment; with a semicolon
            http { a 1; b "two words" 'it''s' \\; ; # and here: c 3;
              server { d; } }
            e x#y;
            """
        let directives = NginxDirectives(text)
        #expect(directives.all == [["a", "1"], ["b", "two words", "its", ";"], ["d"], ["e", "x#y"]])
    }

    @Test(arguments: ["", ";", "{", "}", "\"", "a", "a \\", "# ", "a \"b;"])
    func `text that is cut short has no directive`(text: String) {
        #expect(NginxDirectives(text).all.isEmpty)
    }
}
