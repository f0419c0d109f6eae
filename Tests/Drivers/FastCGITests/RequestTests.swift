import FastCGI
import FastCGITestSupport
import Linux
import Testing

struct RequestTests {
    private typealias Record = FastCGIRecord

    private let request = Request()

    init() throws {
        try FastCGILibrary.initialize()
    }

    /// A web server's end, and the end that is to be adopted.
    private func connect() throws -> (client: FastCGIClient, server: Int32) {
        let pair = try Sockets.pair(kind: .stream)
        return (try FastCGIClient(pair.first), pair.second.release())
    }

    private func adopt(_ connection: Int32) -> Bool {
        request.adopt(FileDescriptor(owning: connection))
    }

    /// Ends the request; the connection, where it is kept, is the next one's to adopt.
    private func finish(isLast: Bool = false) -> Int32? {
        guard let kept = request.finish(isLast: isLast) else { return nil }
        return kept.release()
    }

    /// Ends a request of whose body more may come; the connection, on which all has been said.
    private func finishUnread() throws -> Int32 {
        var left: Int32?
        let isKept = request.finish(unread: { left = $0.release() }) != nil
        #expect(!isKept)
        return try #require(left)
    }

    private func parameter(_ name: StaticString) -> String? {
        parameterBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    private func parameterBytes(_ name: StaticString) -> [UInt8]? {
        request.withParameter(name) { (value: Span<UInt8>?) -> [UInt8]? in
            guard let value else { return nil }
            return Self.bytes(of: value)
        }
    }

    private func arrivedParameter(_ name: StaticString) -> String? {
        request.withArrivedParameter(name) { (value: Span<UInt8>?) -> String? in
            guard let value else { return nil }
            return String(decoding: Self.bytes(of: value), as: UTF8.self)
        }
    }

    private func body(limit: Int) throws -> [UInt8] {
        try request.withBody(limit: limit, Self.bytes(of:))
    }

    private static func bytes(of span: Span<UInt8>) -> [UInt8] {
        span.indices.map { span[$0] }
    }

    /// Bytes in which no two places look alike.
    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    }

    // MARK: - Arrival

    @Test func `what has arrived is told without taking it`() throws {
        let (client, server) = try connect()
        #expect(request.arrival(on: server) == .silent)
        let whole = Record.request([("A", "b")], body: [1, 2], keep: true)
        for byte in whole.dropLast() {
            try client.send([byte])
            #expect(request.arrival(on: server) == .incomplete)
        }
        try client.send(whole.suffix(1))
        #expect(request.arrival(on: server) == .request)
        #expect(request.arrival(on: server) == .request)
        try #require(adopt(server))
        #expect(parameter("A") == "b")
    }

    @Test func `a peer that closed, and one that talks otherwise`() throws {
        let closed = try connect()
        closed.client.close()
        #expect(request.arrival(on: closed.server) == .closed)
        let other = try connect()
        try other.client.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(request.arrival(on: other.server) == .malformed(.version))
        for connection in [closed.server, other.server] { _ = FileDescriptor(owning: connection) }
        #expect(request.arrival(on: -1) == .closed)
    }

    @Test func `half a head of a peer that closed will not become a whole one`() throws {
        for count in [1, 16, 30] {
            let (client, server) = try connect()
            try client.send(Array(Record.head([("A", "b")], keep: true).prefix(count)))
            #expect(request.arrival(on: server) == .incomplete)
            client.close()
            #expect(request.arrival(on: server) == .closed)
            _ = FileDescriptor(owning: server)
        }
        let (client, server) = try connect()
        try client.send(Record.request([("A", "b")], keep: true))
        client.close()
        #expect(request.arrival(on: server) == .request)
        _ = FileDescriptor(owning: server)
    }

    @Test func `the largest head and body that nginx sends at once are seen whole`() throws {
        let (client, server) = try connect()
        let value = String(repeating: "v", count: 65_535 - 6)
        let body = Self.pattern(65_536)
        try client.send(
            Record.begin(keep: true) + Record.bytes(.params, Record.pair("N", value)) + Record.bytes(.params)
        )
        #expect(request.arrival(on: server) == .incomplete)
        try client.send(Record.stream(.stdin, body, recordSize: 32_752))
        #expect(request.arrival(on: server) == .request)
        try #require(adopt(server))
        #expect(parameter("N") == value)
        #expect(try self.body(limit: 65_536) == body)
    }

    // MARK: - Parameters

    @Test func `parameters are found by their whole name`() throws {
        let (client, server) = try connect()
        let long = String(repeating: "x", count: 5000)
        try client.send(
            Record.request(
                [("A", "1"), ("AB", "2"), ("A", "3"), ("EMPTY", ""), ("Q", "a=b=c"), ("LONG", long), ("a", "4")],
                keep: true
            )
        )
        try #require(adopt(server))
        #expect(parameter("A") == "1")
        #expect(parameter("AB") == "2")
        #expect(parameter("EMPTY") == "")
        #expect(parameter("Q") == "a=b=c")
        #expect(parameter("LONG") == long)
        #expect(parameter("a") == "4")
        #expect(parameter("B") == nil)
        #expect(parameter("ABC") == nil)
        #expect(parameter("") == nil)
    }

    @Test func `bytes that are not UTF-8 come as they are`() throws {
        let (client, server) = try connect()
        try client.send(
            Record.begin(keep: true) + Record.stream(.params, [1, 3, 65, 0xff, 0xc3, 0x28]) + Record.bytes(.stdin)
        )
        try #require(adopt(server))
        #expect(parameterBytes("A") == [0xff, 0xc3, 0x28])
    }

    @Test func `a name with a NUL is no other name`() throws {
        let (client, server) = try connect()
        try client.send(Record.request([("REMOTE_USER\0", "admin"), ("X\0Y", "z")], keep: true))
        try #require(adopt(server))
        #expect(parameter("REMOTE_USER") == nil)
        #expect(parameter("X") == nil)
    }

    @Test func `parameters of one request are gone with the next`() throws {
        let (client, server) = try connect()
        try client.send(Record.request([("A", "1"), ("B", "2"), ("C", "3")], keep: true))
        try #require(adopt(server))
        let kept = try #require(finish())
        #expect(try client.receive() != nil)
        try client.send(Record.request([("C", "4")], keep: true))
        try #require(adopt(kept))
        #expect(parameter("A") == nil)
        #expect(parameter("C") == "4")
    }

    // MARK: - Body

    @Test(arguments: [0, 1, 2, 8191, 8192, 8193, 100_000])
    func `a body within its limit arrives whole`(count: Int) throws {
        for limit in [count, count + 1, 1 << 20] {
            let (client, server) = try connect()
            let bytes = Self.pattern(count)
            try client.send(Record.request(body: bytes, keep: true))
            try #require(adopt(server))
            #expect(try body(limit: limit) == bytes)
            #expect(try body(limit: limit) == bytes)
            #expect(finish() != nil)
        }
    }

    @Test(arguments: [1, 2, 8192, 8193, 100_000])
    func `a body over its limit is refused, and the connection can be kept`(count: Int) throws {
        for limit in [0, count / 2, count - 1] {
            let (client, server) = try connect()
            try client.send(Record.request(body: Self.pattern(count), keep: true))
            try #require(adopt(server))
            #expect(throws: Request.BodyError.tooLarge) { try body(limit: limit) }
            #expect(throws: Request.BodyError.tooLarge) { try body(limit: limit) }
            let kept = try #require(finish())
            #expect(try client.receive() != nil)
            try client.send(Record.request([("A", "next")], keep: true))
            try #require(adopt(kept))
            #expect(parameter("A") == "next")
            #expect(finish() != nil)
        }
    }

    @Test(arguments: ["0", "1", "4", "6", "999999999"])
    func `a body of another length than announced is refused`(length: String) throws {
        let (client, server) = try connect()
        try client.send(Record.request([("CONTENT_LENGTH", length)], body: [1, 2, 3, 4, 5], keep: true))
        try #require(adopt(server))
        #expect(throws: Request.BodyError.truncated) { try body(limit: 100) }
        // Its stream ended in order, so that the next request is where it must be.
        #expect(finish() != nil)
    }

    @Test(arguments: ["", "x", "-1", "1.5", "99999999999999999999", "5 "])
    func `without a usable length the end of the stream counts`(length: String) throws {
        let (client, server) = try connect()
        try client.send(Record.request([("CONTENT_LENGTH", length)], body: [1, 2, 3, 4, 5], keep: true))
        try #require(adopt(server))
        #expect(try body(limit: 5) == [1, 2, 3, 4, 5])
    }

    @Test func `a request without a length and without a body has an empty one`() throws {
        let (client, server) = try connect()
        try client.send(Record.head([("A", "b")], keep: true) + Record.bytes(.stdin))
        try #require(adopt(server))
        #expect(try body(limit: 0) == [])
    }

    @Test func `a body in small, padded records arrives whole`() throws {
        let (client, server) = try connect()
        let bytes = Self.pattern(3000)
        let head = Record.head([("CONTENT_LENGTH", "3000")], keep: true)
        try client.send(head + Record.stream(.stdin, bytes, recordSize: 7, padding: 5))
        try #require(adopt(server))
        #expect(try body(limit: 3000) == bytes)
    }

    @Test func `an error of the reader of the body is passed on`() throws {
        struct Refusal: Error, Equatable {}
        let (client, server) = try connect()
        try client.send(Record.request(body: [1], keep: true))
        try #require(adopt(server))
        #expect(throws: Refusal()) { try request.withBody(limit: 9) { _ in throw Refusal() } }
        #expect(finish() != nil)
    }

    @Test func `a body that breaks off is refused, and so is the connection`() throws {
        let (client, server) = try connect()
        let whole = Record.request(body: Self.pattern(1000), keep: true)
        try client.send(Array(whole.dropLast(100)))
        client.close()
        try #require(adopt(server))
        #expect(throws: Request.BodyError.truncated) { try body(limit: 2000) }
        #expect(finish() == nil)
    }

    @Test func `a body that is aborted, or cut by another record, is refused at once`() throws {
        for record in [Record.bytes(.abort), Record.bytes(.params), [9, 9, 9, 9, 9, 9, 9, 9]] {
            let (client, server) = try connect()
            try client.send(
                Record.head([("CONTENT_LENGTH", "10")], keep: true) + Record.bytes(.stdin, [1, 2]) + record
            )
            try #require(adopt(server))
            #expect(throws: Request.BodyError.truncated) { try body(limit: 10) }
            request.write(Array("no".utf8))
            let began = SystemClock.monotonicNanoseconds()
            #expect(finish() == nil)
            // libfcgi would wait two seconds for the peer to close.
            #expect(SystemClock.monotonicNanoseconds() - began < 1_000_000_000)
            #expect(try client.receive()?.text == "no")
            #expect(try client.isClosed())
        }
    }

    // MARK: - Long bodies

    /// Sends a request from a thread of its own, because a socket does not hold all of it, and adopts it.
    private func adoptLong(_ bytes: [UInt8]) throws -> FastCGIClient {
        let pair = try Sockets.pair(kind: .stream)
        let writer = try pair.first.duplicate().release()
        let client = try FastCGIClient(pair.first)
        _ = try Thread(name: "web-server") { try? FileDescriptor(owning: writer).writeAll(bytes) }
        var arrival = Request.Arrival.silent
        while !arrival.isRequest { arrival = request.arrival(on: pair.second.number) }
        let head = try #require(arrival.head)
        let isAdopted = request.adopt(pair.second, head: head)
        try #require(isAdopted)
        return client
    }

    @Test(arguments: [80_000, 300_000, 3_000_000], [7000, 65_535])
    func `a body that no buffer holds arrives whole, and the connection is kept`(count: Int, recordSize: Int) throws {
        let bytes = Self.pattern(count)
        let head = Record.head([("A", "b"), ("CONTENT_LENGTH", "\(count)")], keep: true)
        for padding in [0, 9] as [UInt8] {
            let client = try adoptLong(head + Record.stream(.stdin, bytes, recordSize: recordSize, padding: padding))
            #expect(parameter("A") == "b")
            #expect(try body(limit: count) == bytes)
            #expect(try body(limit: count) == bytes)
            request.write(Array("answer".utf8))
            let kept = try #require(finish())
            #expect(try client.receive()?.text == "answer")
            try client.send(Record.request([("A", "next")], keep: true))
            #expect(request.arrival(on: kept) == .request)
            try #require(adopt(kept))
            #expect(parameter("A") == "next")
            #expect(finish() != nil)
        }
    }

    @Test(arguments: [true, false], [nil, 400_000, 999_999] as [Int?])
    func `a long body that is not read is left, and the connection is not used again`(keep: Bool, limit: Int?) throws {
        // With its length and without.
        for parameters in [[], [("CONTENT_LENGTH", "")]] {
            let client = try adoptLong(Record.request(parameters, body: Self.pattern(1_000_000), keep: keep))
            if let limit {
                for _ in 0..<2 { #expect(throws: Request.BodyError.tooLarge) { try body(limit: limit) } }
            }
            request.write(Array("413".utf8))
            let left = try finishUnread()
            #expect(request.connection == -1)
            #expect(try client.receive()?.text == "413")
            // A web server that has sent the whole body would take the connection for one that can be kept.
            #expect(client.isTold == keep)
            #expect(try client.isClosed())
            // The peer may send all the same, and its end is seen.
            while let count = Sockets.discard(from: left, upTo: 1000) {
                #expect(count <= 1000)
                if count == 0 { client.close() }
            }
            _ = FileDescriptor(owning: left)
        }
    }

    @Test func `a long body that is read to its end leaves nothing unread`() throws {
        let client = try adoptLong(Record.request(body: Self.pattern(100_000), keep: true))
        #expect(try body(limit: 100_000).count == 100_000)
        var isUnread = false
        let isKept = request.finish(unread: { _ in isUnread = true }) != nil
        #expect(isKept && !isUnread)
        #expect(try client.receive() != nil)
    }

    /// Far behind what was looked at.
    @Test(
        arguments: [
            Record.bytes(.abort), Record.bytes(.params), Record.bytes(.begin), Record.bytes(.stdin, id: 2),
            Record.bytes(.getValues, id: 0), Record.bytes(.stdin, version: 2), Record.bytes(.stdin, [1], id: 0),
            [9, 9, 9, 9, 9, 9, 9, 9],
        ] as [[UInt8]]
    )
    func `another record within a long body ends it and the connection`(record: [UInt8]) throws {
        for reads in [true, false] {
            let start = Record.head([("CONTENT_LENGTH", "300000")], keep: true)
            let content = Record.stream(.stdin, Self.pattern(200_000), recordSize: 8000).dropLast(8)
            let client = try adoptLong(start + content + record)
            if reads { #expect(throws: Request.BodyError.truncated) { try body(limit: 400_000) } }
            request.write(Array("no".utf8))
            #expect(finish() == nil)
            #expect(try client.receive()?.text == "no")
            #expect(try client.isClosed())
        }
    }

    // MARK: - Keeping the connection

    @Test(arguments: [0, 1, 100, 8000, 8184, 100_000])
    func `the last answer on a connection says so in the same piece, and then it is closed`(count: Int) throws {
        let (client, server) = try connect()
        try client.send(Record.request(body: [1, 2, 3], keep: true))
        try #require(adopt(server))
        request.write(Self.pattern(count))
        #expect(finish(isLast: true) == nil)
        #expect(try client.receive()?.output == Self.pattern(count))
        // A web server keeps a connection that has nothing more to say at that moment.
        #expect(client.isTold)
        #expect(try client.isClosed())
        #expect(request.connection == -1)
    }

    @Test func `a web server that does not keep the connection is told nothing`() throws {
        let (client, server) = try connect()
        try client.send(Record.request(keep: false))
        try #require(adopt(server))
        #expect(finish(isLast: true) == nil)
        #expect(try client.receive() != nil)
        #expect(!client.isTold)
        #expect(try client.isClosed())
    }

    @Test func `a kept connection serves one request after the other`() throws {
        let (client, server) = try connect()
        var connection = server
        for number in 1...50 {
            try client.send(Record.request([("N", "\(number)")], body: Self.pattern(number * 100), keep: true))
            #expect(request.arrival(on: connection) == .request)
            try #require(adopt(connection))
            #expect(parameter("N") == "\(number)")
            #expect(request.connection == connection)
            if number.isMultiple(of: 2) { #expect(try body(limit: 9999).count == number * 100) }
            request.write(Array("answer \(number)".utf8))
            connection = try #require(finish())
            #expect(connection == server)
            #expect(request.connection == -1)
            #expect(try client.receive()?.text == "answer \(number)")
            #expect(request.arrival(on: connection) == .silent)
        }
        _ = FileDescriptor(owning: connection)
        #expect(try client.isClosed())
    }

    @Test func `a connection that the web server does not keep is closed`() throws {
        let (client, server) = try connect()
        try client.send(Record.request(body: [1, 2, 3], keep: false))
        try #require(adopt(server))
        request.write([UInt8(ascii: "x")])
        #expect(finish() == nil)
        #expect(try client.receive() == FastCGIAnswer(output: [UInt8(ascii: "x")]))
        #expect(try client.isClosed())
    }

    @Test(arguments: 0..<16)
    func `an unread body that looks like a request is never one`(alignment: Int) throws {
        let (client, server) = try connect()
        let forged = Record.request([("REQUEST_URI", "/forged"), ("REMOTE_USER", "admin")], keep: true)
        var bytes = [UInt8](repeating: 0, count: alignment)
        while bytes.count < 60_000 { bytes += forged + [UInt8](repeating: 0, count: 15) }
        try client.send(Record.request([("REQUEST_URI", "/first")], body: bytes, keep: true))
        try #require(adopt(server))
        #expect(parameter("REQUEST_URI") == "/first")
        let kept = try #require(finish())
        #expect(request.arrival(on: kept) == .silent)
        #expect(try client.receive()?.output == [])
        try client.send(Record.request([("REQUEST_URI", "/second")], keep: true))
        try #require(adopt(kept))
        #expect(parameter("REQUEST_URI") == "/second")
        #expect(parameter("REMOTE_USER") == nil)
    }

    // MARK: - Refusal

    @Test func `parameters that break off are refused`() throws {
        let head = Record.head([("A", "b"), ("C", "d")], keep: true)
        // A cut between two pairs is the one that libfcgi itself calls a success.
        let cuts = [head.count - 8, head.count - 12, 24, 20, 16, 7]
        for cut in cuts {
            let (client, server) = try connect()
            try client.send(Array(head.prefix(cut)))
            client.close()
            #expect(!adopt(server), "cut at \(cut)")
            #expect(request.connection == -1)
        }
        let (client, server) = try connect()
        try client.send(Record.request([("A", "b")], keep: true))
        try #require(adopt(server))
        #expect(parameter("A") == "b")
    }

    @Test func `an abort among the parameters is refused and closes the connection`() throws {
        let (client, server) = try connect()
        try client.send(
            Record.begin(keep: true) + Record.bytes(.params, Record.pair("A", "b")) + Record.bytes(.abort)
        )
        let began = SystemClock.monotonicNanoseconds()
        #expect(!adopt(server))
        #expect(SystemClock.monotonicNanoseconds() - began < 1_000_000_000)
        _ = try client.receive()
        #expect(try client.isClosed())
    }

    // MARK: - Answers

    @Test(arguments: [0, 1, 8183, 8184, 8185, 8192, 65_535, 65_536, 1 << 20])
    func `an answer of any size arrives whole`(count: Int) throws {
        let bytes = Self.pattern(count)
        for keep in [true, false] {
            let (client, server) = try connect()
            try client.send(Record.request(keep: keep))
            // On a thread of its own: the answer is more than the socket holds.
            let thread = try Thread(name: "handler") {
                let request = Request()
                guard request.adopt(FileDescriptor(owning: server)) else { return }
                request.write(bytes)
                _ = request.finish()
            }
            let answer = try client.receive()
            #expect(answer == FastCGIAnswer(output: bytes))
            thread.join()
            #expect(try client.isClosed())
        }
    }

    @Test func `an answer in many writes arrives in order`() throws {
        let (client, server) = try connect()
        try client.send(Record.request(keep: true))
        try #require(adopt(server))
        for number in 0..<1000 { request.write(Array("\(number) ".utf8)) }
        request.write([])
        #expect(finish() != nil)
        #expect(try client.receive()?.text == (0..<1000).map { "\($0) " }.joined())
    }

    @Test(arguments: [0, 100, 100_000])
    func `a peer that went away closes the connection and does no harm`(count: Int) throws {
        let (client, server) = try connect()
        try client.send(Record.request(body: [1, 2, 3], keep: true))
        try #require(adopt(server))
        client.close()
        #expect(try body(limit: 9) == [1, 2, 3])
        request.write(Self.pattern(count))
        #expect(finish() == nil)
        #expect(request.connection == -1)
        let next = try connect()
        try next.client.send(Record.request([("A", "b")], keep: true))
        try #require(adopt(next.server))
        #expect(parameter("A") == "b")
    }

    @Test func `a request that is given up in the middle closes its connection`() throws {
        let (client, server) = try connect()
        try client.send(Record.request(keep: true))
        do {
            let request = Request()
            let isAdopted = request.adopt(FileDescriptor(owning: server))
            #expect(isAdopted)
        }
        #expect(try client.isClosed())
    }

    // MARK: - Before anybody takes it

    @Test func `parameters of a request that has arrived are seen before it is taken, and are the same then`() throws {
        let (client, server) = try connect()
        let long = String(repeating: "v", count: 20_000)
        let pairs = [("REQUEST_METHOD", "POST"), ("EMPTY", ""), ("LONG", long), ("A", "first"), ("A", "second")]
        try client.send(Record.request(pairs, body: [1, 2, 3], keep: true))
        #expect(request.arrival(on: server) == .request)
        #expect(arrivedParameter("REQUEST_METHOD") == "POST")
        #expect(arrivedParameter("EMPTY") == "")
        #expect(arrivedParameter("LONG") == long)
        #expect(arrivedParameter("A") == "first")
        for missing in ["B", "REQUEST_METHO", "REQUEST_METHODS", "POST"] as [StaticString] {
            #expect(arrivedParameter(missing) == nil)
        }
        try #require(adopt(server))
        #expect(parameter("REQUEST_METHOD") == "POST")
        #expect(parameter("A") == "first")
        _ = finish().map { FileDescriptor(owning: $0) }
    }

    @Test(arguments: 1...60)
    func `of parameters in several records only what stands in the first is seen`(size: Int) throws {
        let (client, server) = try connect()
        defer { _ = FileDescriptor(owning: server) }
        let content = Record.pair("FIRST", "value") + Record.pair("SECOND", "value", isLong: true)
        let params = Record.stream(.params, content, recordSize: size, padding: 3)
        try client.send(Record.begin(keep: true) + params + Record.bytes(.stdin))
        #expect(request.arrival(on: server) == .request)
        #expect(arrivedParameter("FIRST") == (size >= 12 ? "value" : nil))
        #expect(arrivedParameter("SECOND") == (size >= content.count ? "value" : nil))
    }

    @Test func `a request without parameters shows none`() throws {
        let (client, server) = try connect()
        defer { _ = FileDescriptor(owning: server) }
        try client.send(Record.begin(keep: true) + Record.bytes(.params) + Record.bytes(.stdin))
        #expect(request.arrival(on: server) == .request)
        #expect(arrivedParameter("A") == nil)
    }
}
