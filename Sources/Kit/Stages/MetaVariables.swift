internal import HTTPPipeline

/// The request meta-variables of a CGI program (RFC 3875, 4.1), as nginx passes them.
protocol MetaVariables: RequestContent {
    /// The value of one, nil where it was not passed; bytes that are no UTF-8 are replaced.
    func text(_ name: StaticString) -> String?
}

extension MetaVariables {
    /// nginx gives CONTENT_TYPE as an empty text where the client sent none.
    func field(_ name: FieldName) -> String? {
        guard let value = text(name.metaVariable), !(value.isEmpty && name.isAbsentWhenEmpty) else { return nil }
        return value
    }

    /// The request that they tell of.
    func request(for target: Target, receivedAt: Int64? = nil, isTurnedAway: Bool = false) -> HTTPPipeline.Request {
        HTTPPipeline.Request(
            method: text("REQUEST_METHOD").flatMap(Method.init(rawValue:)),
            path: target.path,
            query: target.query,
            remoteAddress: text("REMOTE_ADDR") ?? "",
            id: text("REQUEST_ID") ?? "",
            receivedAt: receivedAt,
            isTurnedAway: isTurnedAway,
            content: self
        )
    }
}
