import HTTPPipeline

/// What a client sends, without a transport.
struct FakeContent: RequestContent {
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    func field(_ name: FieldName) -> String? {
        fields["\(name.name)"]
    }

    func withBody<Result>(limit: Int, _ read: (Span<UInt8>) throws -> Result) throws -> Result {
        guard body.count <= limit else { throw HTTPError(.payloadTooLarge, "The body has more than \(limit) bytes.") }
        return try read(body.span)
    }
}

extension Request {
    /// A request of a client; `target` has path and query.
    static func fake(
        _ method: Method? = .get,
        _ target: String = "/",
        fields: [String: String] = [:],
        body: String = "",
        id: String = "request-1",
        isTurnedAway: Bool = false
    ) -> Request {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return Request(
            method: method,
            path: Array((parts.first ?? "").utf8),
            query: parts.count == 2 ? Array(parts[1].utf8) : [],
            remoteAddress: "192.0.2.7",
            id: id,
            isTurnedAway: isTurnedAway,
            content: FakeContent(fields: fields, body: Array(body.utf8))
        )
    }
}

extension Response {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of all fields of a name.
    func values(of name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }
}

/// The error that an action throws, where it is one that clients are told.
func httpError(_ action: () throws -> Void) throws -> HTTPError? {
    do {
        try action()
        return nil
    } catch let error as HTTPError {
        return error
    }
}

extension HTTPError {
    /// The details as `field: message`, in their order.
    var lines: [String] { details.map { "\($0.field): \($0.message)" } }
}
