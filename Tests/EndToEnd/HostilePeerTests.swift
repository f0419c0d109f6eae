import Linux
import Testing

extension EndToEndTests {
    /// Peers at the application's own socket that are no nginx, or an unlucky one.
    @Suite struct HostilePeerTests {
        private static let request =
            FastCGIRecord.beginning + FastCGIRecord.head("GET", "/health") + FastCGIRecord.bytes(FastCGIRecord.body, [])

        @Test func `silent peers and halves of requests keep nobody waiting`() throws {
            var options = Instance.Options()
            options.threads = 4
            try Instance.run(options) { instance in
                let before = try instance.workers()
                let silent = try (0..<40).map { _ in try FastCGIPeer(instance.applicationSocket) }
                let halves = try (0..<40).map { number in
                    let peer = try FastCGIPeer(instance.applicationSocket)
                    try peer.send(Array(Self.request.prefix(number % (Self.request.count - 20) + 1)))
                    return peer
                }
                try expectNoDelay(instance)
                // In the end their patience is over, not ours.
                for peer in silent + halves { #expect(try peer.readToEnd() == []) }
                try expectNoDelay(instance)
                #expect(try instance.workers() == before)
            }
        }

        @Test func `records that no web server sends are refused, and every worker lives`() throws {
            try Instance.run { instance in
                let before = try instance.workers()
                for (what, bytes) in Self.hostile {
                    let peer = try FastCGIPeer(instance.applicationSocket, within: 10)
                    // It may be closed before all is written.
                    try? peer.send(bytes)
                    let answer = try peer.readToEnd()
                    #expect(!String(decoding: answer, as: UTF8.self).contains("Status: 2"), "\(what)")
                }
                try expectNoDelay(instance)
                #expect(try instance.workers() == before)
            }
        }

        @Test func `peers that close in the middle harm nobody`() throws {
            try Instance.run { instance in
                let before = try instance.workers()
                let head = FastCGIRecord.beginning + FastCGIRecord.head("POST", "/api/sessions", contentLength: 100)
                let request = head + FastCGIRecord.bytes(FastCGIRecord.body, Array(repeating: 0x20, count: 100))
                for length in stride(from: 1, through: request.count, by: 3) {
                    let peer = try FastCGIPeer(instance.applicationSocket)
                    try peer.send(Array(request.prefix(length)))
                    _ = consume peer
                }
                try expectNoDelay(instance)
                #expect(try instance.workers() == before)
            }
        }

        @Test func `a body longer than it was announced does not become a second request`() throws {
            try Instance.run { instance in
                let head =
                    FastCGIRecord.bytes(FastCGIRecord.begin, [0, 1, 1, 0, 0, 0, 0, 0])
                    + FastCGIRecord.head("POST", "/api/sessions", contentLength: 2)
                let peer = try FastCGIPeer(instance.applicationSocket, within: 10)
                let body = FastCGIRecord.bytes(FastCGIRecord.body, Array("{}".utf8) + Self.request)
                try peer.send(head + body + FastCGIRecord.bytes(FastCGIRecord.body, []))
                let first = try peer.read()
                // The connection is kept, so that something has to end it.
                try peer.send([0])
                let answer = String(decoding: first + (try peer.readToEnd()), as: UTF8.self)
                #expect(answer.contains("Status: 400 "))
                #expect(!answer.contains("healthy"))
            }
        }

        @Test func `a peer that may not connect is closed unread, and told in the log`() throws {
            // Only root can be somebody else; whoever is not holds AllowedPeersTests alone.
            guard ThisProcess.isSuperuser else { return }
            try Instance.run { instance in
                // As if somebody had opened the socket to all the world.
                try Files.setPermissions(instance.applicationSocket, 0o666)
                try Files.setPermissions(instance.directory, 0o755)
                try Files.setPermissions("\(instance.directory)/run", 0o755)
                for _ in 0..<20 { #expect(try answer(to: "nobody", instance) == "") }
                #expect(try answer(to: "root", instance).contains("Status: 200 OK"))
                try eventually("the log tells") { try log(of: instance).contains("their peers are not among") }
                // Once for each worker, and not for each of them.
                #expect(try log(of: instance).split(separator: "their peers are not among").count <= 1 + 2)
                let nobody = try #require(SystemUsers.id(ofUser: "nobody"))
                #expect(try log(of: instance).contains("user: \(nobody)"))
                try expectNoDelay(instance)

                let settings = Array("pool:\n  peers: nobody\n".utf8)
                try Files.replace("\(instance.directory)/gatehouse.yaml", with: settings, permissions: 0o644)
                try instance.command(["reload"])
                try eventually("the new workers serve alone") {
                    try instance.workers().allSatisfy { $0.generation == 2 }
                }
                #expect(try answer(to: "nobody", instance).contains("Status: 200 OK"))
            }
        }

        /// What a process of that user gets to a request at the application's socket.
        private func answer(to user: String, _ instance: Instance) throws -> String {
            let script = """
                import os, pwd, socket, sys
                os.setgroups([])
                entry = pwd.getpwnam(sys.argv[1])
                os.setgid(entry.pw_gid)
                os.setuid(entry.pw_uid)
                peer = socket.socket(socket.AF_UNIX)
                peer.settimeout(20)
                peer.connect(sys.argv[2])
                try:
                    peer.sendall(bytes.fromhex(sys.argv[3]))
                    while part := peer.recv(65536):
                        sys.stdout.buffer.write(part)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                """
            let hex = Self.request.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return try Command.succeed("python3", ["-c", script, user, instance.applicationSocket, hex])
        }

        private func log(of instance: Instance) throws -> String {
            String(decoding: try Files.read(instance.eventLog), as: UTF8.self)
        }

        @Test func `a pool without descriptors left keeps calm, and serves when some are free again`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 2
            options.descriptors = 64
            try Instance.run(options) { instance in
                let before = try instance.workers()
                let pid = try #require(before.first).pid
                let silent = try (0..<100).map { _ in try FastCGIPeer(instance.applicationSocket) }
                try eventually("the worker tells of it") { try log(of: instance).contains("no descriptor or memory") }
                let start = try ProcessTable.processorTime(of: pid)
                pause(milliseconds: 1000)
                #expect(try ProcessTable.processorTime(of: pid) - start < 300, "milliseconds")
                // Each is silent for too long at some time, and those that waited behind it have their turn.
                for peer in silent { #expect(try peer.readToEnd() == []) }
                try expectNoDelay(instance)
                #expect(try instance.workers() == before)
            }
        }

        @Test func `a body beyond the limit is answered with 413, also where nginx lets it through`() throws {
            var options = Instance.Options()
            options.nginxEdits = [("limits.conf", "client_max_body_size 64k", "client_max_body_size 8m")]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                for size in [66_000, 80_000, 200_000, 1_000_000, 5_000_000] {
                    let body = String(repeating: " ", count: size)
                    let request = HTTPRequest("POST", "/api/users", token: admin, json: body)
                    for _ in 0..<10 {
                        #expect(try instance.send(request).status == 413, "\(size)")
                        #expect(try instance.send(HTTPRequest("GET", "/openapi.json")).status == 200)
                    }
                }
            }
        }

        /// What has made other servers on libfcgi crash, or might.
        private static let hostile: [(what: String, bytes: [UInt8])] = [
            ("text", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
            ("zeros", [UInt8](repeating: 0, count: 4096)),
            ("ones", [UInt8](repeating: 0xff, count: 4096)),
            ("another version", [2] + request.dropFirst()),
            ("GET_VALUES first", FastCGIRecord.bytes(9, FastCGIRecord.pair("FCGI_MAX_CONNS", ""), request: 0)),
            ("an unknown type first", FastCGIRecord.bytes(77, [1, 2, 3], request: 0) + request),
            ("parameters first", FastCGIRecord.head("GET", "/health")),
            ("a body first", FastCGIRecord.bytes(FastCGIRecord.body, [1])),
            ("an abort first", FastCGIRecord.bytes(2, []) + request),
            ("the role of an authorizer", FastCGIRecord.bytes(FastCGIRecord.begin, [0, 2, 0, 0, 0, 0, 0, 0])),
            ("a short beginning", FastCGIRecord.bytes(FastCGIRecord.begin, [0, 1]) + request),
            ("two beginnings", FastCGIRecord.beginning + request),
            ("a name of 2 GiB", parameters([0xff, 0xff, 0xff, 0xff, 0] + Array("NAME".utf8))),
            ("a value of 2 GiB", parameters([1, 0xff, 0xff, 0xff, 0xff, 0x41])),
            ("both of 2 GiB", parameters([UInt8](repeating: 0xff, count: 8))),
            ("lengths that cancel out", parameters([0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 1, 0x41])),
            ("a pair that is cut", parameters([4, 100] + Array("NAMEvalue".utf8))),
            ("a length that is cut", parameters([0x80, 0])),
            (
                "parameters of another request",
                FastCGIRecord.beginning + FastCGIRecord.bytes(4, [1, 1, 0, 0], request: 2)
            ),
            ("more parameters than any server sends", FastCGIRecord.beginning + fullRecord + fullRecord + fullRecord),
        ]

        private static let fullRecord = FastCGIRecord.bytes(4, [UInt8](repeating: 0, count: 65_534))

        private static func parameters(_ content: [UInt8]) -> [UInt8] {
            FastCGIRecord.beginning + FastCGIRecord.bytes(FastCGIRecord.parameters, content)
                + FastCGIRecord.bytes(FastCGIRecord.parameters, []) + FastCGIRecord.bytes(FastCGIRecord.body, [])
        }
    }
}

/// Expects that well-meant requests are answered without delay; the bounds leave room for a busy machine.
func expectNoDelay(_ instance: Instance, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let client = HTTPClient(instance.plainSocket)
    var durations: [Int64] = []
    for _ in 0..<200 {
        var status = 0
        durations.append(try timed { status = try client.send(HTTPRequest("GET", "/openapi.json")).status })
        #expect(status == 200, sourceLocation: sourceLocation)
    }
    #expect(durations.sorted()[197] < 250, "milliseconds, the 99th percentile", sourceLocation: sourceLocation)
}
