import HTTPPipeline

/// What a client sends, without a transport.
struct ClientRequest: RequestContent {
    let method: String
    /// Path and query, as they are sent.
    let target: [UInt8]
    let fields: [(name: String, value: String)]
    let body: [UInt8]
    /// The address that the web server sees.
    var address = "192.0.2.7"
    /// The server has no room for it.
    var isTurnedAway = false

    init(
        _ method: String,
        _ target: String,
        fields: [(name: String, value: String)] = [],
        body: String = ""
    ) {
        self.init(method, bytes: Array(target.utf8), fields: fields, body: Array(body.utf8))
    }

    /// The same of any bytes, also those that are no text.
    init(_ method: String, bytes target: [UInt8], fields: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    func field(_ name: FieldName) -> String? {
        fields.first { $0.name.lowercased() == "\(name.name)".lowercased() }?.value
    }

    func withBody<Result>(limit: Int, _ read: (Span<UInt8>) throws -> Result) throws -> Result {
        guard body.count <= limit else { throw HTTPError(.payloadTooLarge, "The body has more than \(limit) bytes.") }
        return try read(body.span)
    }

    /// The path, without the query.
    var path: String { String(decoding: pathBytes, as: UTF8.self) }

    /// The query with its question mark, empty where there is none.
    var query: String { String(decoding: target.dropFirst(pathBytes.count), as: UTF8.self) }

    func request(id: String) -> Request {
        Request(
            method: Method(rawValue: method),
            path: Array(pathBytes),
            query: Array(target.dropFirst(pathBytes.count + 1)),
            remoteAddress: address,
            id: id,
            isTurnedAway: isTurnedAway,
            content: self
        )
    }

    /// The path as it was sent.
    var pathBytes: ArraySlice<UInt8> { target.prefix { $0 != UInt8(ascii: "?") } }
}
