/// One request, as the pipeline sees it: a view of what the transport holds, free of the transport's kind.
public struct Request {
    /// The method, or nil where it is none that this kit knows.
    public let method: Method?
    /// The path as the client sent it, percent-encoded, without the query.
    public let path: [UInt8]
    /// The query as the client sent it, without the question mark; empty where there is none.
    public let query: [UInt8]
    /// The address of the client, in text.
    public let remoteAddress: String
    /// The id of the request: the web server's, then what ``RequestIdentification`` made of it.
    public var id: String
    /// When the web server had the whole request, in microseconds since 1970-01-01T00:00:00Z; nil where it does not tell.
    public let receivedAt: Int64?
    /// True where there is no room for the request, which ``LoadShedding`` refuses.
    public let isTurnedAway: Bool
    /// What the log will tell of the request; one object from the first stage to the last.
    public let record: ExchangeRecord
    private let content: any RequestContent

    /// Describes a request; for transports and tests.
    public init(
        method: Method?,
        path: [UInt8],
        query: [UInt8] = [],
        remoteAddress: String,
        id: String,
        receivedAt: Int64? = nil,
        isTurnedAway: Bool = false,
        content: any RequestContent
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.remoteAddress = remoteAddress
        self.id = id
        self.receivedAt = receivedAt
        self.isTurnedAway = isTurnedAway
        self.content = content
        record = ExchangeRecord()
    }

    /// The value of a header field, or nil where the client sent none.
    ///
    /// Bytes that are no UTF-8 become U+FFFD.
    public func field(_ name: FieldName) -> String? { content.field(name) }

    /// Reads the whole body and shows it; the view is valid inside `body` only.
    ///
    /// May be called once.
    ///
    /// - Throws: ``HTTPError`` 413 past the limit, 400 where the body breaks off; what `body` throws.
    public func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        try content.withBody(limit: limit, body)
    }
}

/// What a transport keeps of a request: header fields and body, read when somebody asks.
public protocol RequestContent {
    /// The value of a header field, or nil where there is none.
    func field(_ name: FieldName) -> String?

    /// Reads the whole body and shows it.
    ///
    /// - Throws: ``HTTPError`` 413 past the limit, 400 where the body breaks off; what `body` throws.
    func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result
}
