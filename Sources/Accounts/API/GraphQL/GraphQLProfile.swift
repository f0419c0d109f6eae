internal import GraphQL
internal import HTTPPipeline

/// Which draft of GraphQL over HTTP answers follow; they differ in statuses.
package enum GraphQLProfile: String, CaseIterable, Sendable {
    /// 200 for everything that was executed, 400 for what cannot be; also 200 for that where a client takes only
    /// `application/json`. What clients and audits expect today.
    case draft2025 = "draft-2025"
    /// 422 for documents that are not valid, 294 for data with errors (the draft of August 2026).
    case draft2026 = "draft-2026"

    /// The status for a request that is not executed.
    func status(of stage: RequestFailure.Stage, for media: GraphQLMediaType) -> Status {
        switch (self, stage) {
        case (.draft2025, .parameters), (.draft2026, .syntax): .badRequest
        case (.draft2025, _): media == .json ? .ok : .badRequest
        case (.draft2026, _): .unprocessableContent
        }
    }

    /// The status for an operation that was executed.
    func status(hasErrors: Bool, for media: GraphQLMediaType) -> Status {
        // The number says something only beside the media type that says what it is about.
        hasErrors && self == .draft2026 && media == .graphQL ? .partialSuccess : .ok
    }

    /// The media type of an answer: in the later draft, what is no success says that it comes from GraphQL.
    func mediaType(of status: Status, for media: GraphQLMediaType) -> GraphQLMediaType {
        self == .draft2026 && !(200..<300).contains(status.code) ? .graphQL : media
    }
}

/// The media types of answers.
enum GraphQLMediaType: String {
    case graphQL = "application/graphql-response+json"
    case json = "application/json"

    /// The one that a client takes; nil where it takes neither.
    ///
    /// Who does not name the newer one gets what every client understands.
    init?(accept: String?) {
        guard let accept else {
            self = .json
            return
        }
        // What most clients send.
        if let known = Self(rawValue: accept) {
            self = known
            return
        }
        let namesNewer = accept.lowercased().contains(Self.graphQL.rawValue)
        let offered: [Self] = namesNewer ? [.graphQL, .json] : [.json, .graphQL]
        guard let type = MediaType.preferred(among: offered.map(\.rawValue), accept: accept) else { return nil }
        self.init(rawValue: type)
    }

    /// The field value.
    var contentType: String { "\(rawValue); charset=utf-8" }
}

extension Status {
    /// 294: data, and errors beside it (GraphQL over HTTP, draft of August 2026).
    static let partialSuccess = Status(294, "Partial Success")
}
