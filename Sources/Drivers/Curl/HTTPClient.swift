internal import CCurl

/// Posts to HTTP servers that strangers have named.
///
/// Follows no redirect, uses no proxy, sends no credentials of its own, and connects only where its rule permits: the
/// address is judged that the connection goes to. Certificates are checked, TLS is 1.2 or later. Connections are kept
/// for the next request to the same server; they were judged when they were made.
///
/// For one thread at a time; several threads take a client each. Blocks for as long as the limits say.
public struct HTTPClient: ~Copyable {
    /// What a client goes by.
    public struct Options: Sendable {
        /// Where it may connect to.
        public var rule = AddressRule.publicOnly
        /// How long a request may take.
        public var limits = TransferLimits(connecting: .seconds(5), total: .seconds(15))
        /// So many bytes of an answer are kept; a longer one is cut, and its connection closed.
        public var bodyLimit = 4_096
        /// A file of certificates to trust in place of the system's.
        public var authorities: String?
        /// What the servers read as User-Agent.
        public var agent: String

        /// Begins with what suits servers on the internet.
        public init(agent: String) {
            self.agent = agent
        }
    }

    private let options: Options
    private let handle: Handle

    /// Makes a client without a connection.
    ///
    /// - Throws: where libcurl cannot be used.
    public init(_ options: Options) throws(TransferError) {
        self.options = options
        handle = try Handle()
    }

    /// Sends a request and waits for the answer, whatever its status is.
    ///
    /// - Parameters:
    ///   - request: what to send, and where.
    ///   - shouldStop: is asked about once a second; true ends the request with `interrupted`.
    /// - Returns: status and the beginning of the body.
    /// - Throws: where there is no answer.
    public mutating func post(
        _ request: HTTPRequest,
        until shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> HTTPAnswer {
        try handle.prepare(protocols: "http,https", limits: options.limits, authorities: options.authorities)
        try handle.set(CURLOPT_URL, request.url)
        try handle.set(CURLOPT_USERAGENT, options.agent)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_POST, 1)
        try handle.setBody(request.body)
        // Nobody is asked first whether a body is welcome.
        let fields = try TextList(try request.lines() + ["Expect:"], for: handle)
        try handle.set(CURLOPT_HTTPHEADER, fields)

        let exchange = Exchange(rule: options.rule, bodyLimit: options.bodyLimit, shouldStop: shouldStop)
        let code = try handle.perform(exchange)
        // A body that is cut ends the transfer as one that could not be written down.
        guard code == CURLE_OK || code == CURLE_WRITE_ERROR && exchange.isBodyCut else {
            throw handle.failure(code, exchange)
        }
        return HTTPAnswer(
            status: handle.responseCode,
            retryAfter: handle.retryAfter > 0 ? .seconds(handle.retryAfter) : nil,
            body: exchange.body,
            isBodyCut: exchange.isBodyCut
        )
    }
}

/// A POST request.
public struct HTTPRequest: Sendable {
    /// Where it goes: `https` or `http`, without credentials.
    public let url: String
    /// Header fields beside those that every request has (Host, Content-Length, User-Agent, Accept).
    public let fields: [(name: String, value: String)]
    /// The body as it is sent.
    public let body: [UInt8]

    /// Describes a request; it is looked at when it is sent.
    public init(url: String, fields: [(name: String, value: String)], body: [UInt8]) {
        self.url = url
        self.fields = fields
        self.body = body
    }

    /// The fields as lines (RFC 9110, section 5): no name or value can begin another line.
    func lines() throws(TransferError) -> [String] {
        var lines: [String] = []
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
                throw .malformed("a header field cannot be called \"\(name.prefix(40))\"")
            }
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .malformed("the value of \(name) is empty or holds control characters")
            }
            lines.append("\(name): \(value)")
        }
        return lines
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// What a server answered.
public struct HTTPAnswer: Equatable, Sendable {
    /// The status, of three digits.
    public let status: Int
    /// How long the server asks to be left alone (Retry-After), in seconds or by a date.
    public let retryAfter: Duration?
    /// The first bytes of the body.
    public let body: [UInt8]
    /// Whether there were more.
    public let isBodyCut: Bool
}
