import FastCGI
import Linux
import Testing

/// Plays the web server: sends one request over a socket pair, lets libfcgi parse it, and reads what comes back.
enum FastCGIExchange {
    private static let library = Result { try FastCGILibrary.initialize() }

    /// The bytes that the application wrote to STDOUT.
    static func run(
        _ parameters: [(String, [UInt8])],
        body: [UInt8] = [],
        respond: (FastCGI.Request) -> Void
    ) throws -> [UInt8] {
        try library.get()
        let pair = try Sockets.pair(kind: .stream)
        let server = pair.first
        try server.writeAll(request(parameters, body))
        let request = FastCGI.Request()
        let arrival = request.arrival(on: pair.second.number)
        try #require(arrival.isRequest)
        let isAdopted = request.adopt(pair.second, head: arrival.head)
        try #require(isAdopted)
        respond(request)
        // Not to be kept: the connection is closed, so that the answer has an end.
        _ = request.finish()
        return try output(try server.readAll(limit: 1 << 20))
    }

    /// Shows a request that has arrived, and that nobody takes.
    static func look<Result>(at parameters: [(String, String)], _ look: (FastCGI.Request) -> Result) throws -> Result {
        let pair = try Sockets.pair(kind: .stream)
        try pair.first.writeAll(request(parameters.map { ($0, Array($1.utf8)) }, []))
        let request = FastCGI.Request()
        try #require(request.arrival(on: pair.second.number).isRequest)
        return look(request)
    }

    /// BEGIN_REQUEST for a responder whose connection is not kept, PARAMS, STDIN (specification, section 3.3).
    private static func request(_ parameters: [(String, [UInt8])], _ body: [UInt8]) -> [UInt8] {
        let pairs = parameters.flatMap { length($0.utf8.count) + length($1.count) + $0.utf8 + $1 }
        return record(1, [0, 1, 0, 0, 0, 0, 0, 0])
            + stride(from: 0, to: pairs.count, by: 60_000).flatMap { record(4, pairs[$0...].prefix(60_000)) }
            + record(4, [])
            + stride(from: 0, to: body.count, by: 60_000).flatMap { record(5, body[$0...].prefix(60_000)) }
            + record(5, [])
    }

    private static func record(_ type: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 0xFF), 0, 0] + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        count < 128
            ? [UInt8(count)]
            : [UInt8(count >> 24 | 0x80), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
    }

    private static func output(_ bytes: [UInt8]) throws -> [UInt8] {
        var output: [UInt8] = []
        var offset = 0
        var types: [UInt8] = []
        while offset < bytes.count {
            let header = bytes[offset...].prefix(8)
            try #require(header.count == 8)
            let type = bytes[offset + 1]
            let size = Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])
            if type == 6 { output += bytes[(offset + 8)...].prefix(size) }
            types.append(type)
            offset += 8 + size + Int(bytes[offset + 6])
        }
        // The last record is END_REQUEST.
        #expect(types.last == 3)
        return output
    }
}

extension [UInt8] {
    /// The bytes as text.
    var text: String { String(decoding: self, as: UTF8.self) }
}
