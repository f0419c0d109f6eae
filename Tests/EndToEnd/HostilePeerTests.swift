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
        durations.append(try timed { status = try client.send(HTTPRequest("GET", "/health")).status })
        #expect(status == 200, sourceLocation: sourceLocation)
    }
    #expect(durations.sorted()[197] < 250, "milliseconds, the 99th percentile", sourceLocation: sourceLocation)
}
