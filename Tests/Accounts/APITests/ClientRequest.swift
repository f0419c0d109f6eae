import HTTPPipeline

/// What a client sends, without a transport.
struct ClientRequest: RequestContent {
    let method: String
    let target: String
    let fields: [(name: String, value: String)]
    let body: String

    init(
        _ method: String,
        _ target: String,
        fields: [(name: String, value: String)] = [],
        body: String = ""
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    func field(_ name: FieldName) -> String? {
        fields.first { $0.name.lowercased() == "\(name.name)".lowercased() }?.value
    }

    func withBody<Result>(limit: Int, _ read: (Span<UInt8>) throws -> Result) throws -> Result {
        let bytes = Array(body.utf8)
        guard bytes.count <= limit else { throw HTTPError(.payloadTooLarge, "The body has more than \(limit) bytes.") }
        return try read(bytes.span)
    }

    /// The path, without the query.
    var path: String {
        String(target.prefix { $0 != "?" })
    }

    func request(id: String) -> Request {
        Request(
            method: Method(rawValue: method),
            path: Array(path.utf8),
            query: Array(target.utf8.dropFirst(path.utf8.count + 1)),
            remoteAddress: "192.0.2.7",
            id: id,
            content: self
        )
    }
}
