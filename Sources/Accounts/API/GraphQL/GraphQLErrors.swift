internal import GraphQL
internal import HTTPPipeline
internal import JSON

extension ErrorCode {
    /// An operation asks for more than any may.
    static let operationTooLarge = ErrorCode("OPERATION_TOO_LARGE", .badRequest)
    /// Only the hash of a document was sent, and that is not known here; the client sends both.
    static let persistedQueryNotFound = ErrorCode("PERSISTED_QUERY_NOT_FOUND", .badRequest)
}

/// Errors in the shape of GraphQL: the sentence as `message`, and in `extensions` the code of REST, what is wrong with which
/// field, and when another try makes sense.
final class GraphQLErrors {
    /// What the log will tell of the request that is being executed.
    var record: ExchangeRecord?

    /// What a client is told of an error that a resolver throws; the log is told the rest.
    func describe(_ error: any Error) -> GraphQLError {
        let known = Self.known(error)
        if let record { Self.note(known, in: record) }
        return Self.error(known)
    }

    /// The error that a client is told of: a refusal as it is, and of anything else only that it is a fault.
    static func known(_ error: any Error) -> HTTPError {
        error as? HTTPError ?? ErrorTable.translate(error) ?? .fault(String(reflecting: error))
    }

    /// Tells the log; of several errors the first one.
    static func note(_ error: HTTPError, in record: ExchangeRecord) {
        if record.errorCode == nil { record.errorCode = error.code.text }
        if record.fault == nil { record.fault = error.story }
    }

    /// An error of REST in the shape of GraphQL.
    static func error(_ known: HTTPError) -> GraphQLError {
        var members: [JSONObject.Member] = [.init(name: "code", value: .string(known.code.text))]
        if !known.details.isEmpty {
            let details = known.details.map { detail -> JSONValue in
                ["field": .string(GraphQLNames.field(detail.field)), "message": .string(detail.message)]
            }
            members.append(.init(name: "details", value: .array(details)))
        }
        let wait = known.fields.first { $0.name == "Retry-After" }.flatMap { Int64($0.value) }
        if let wait { members.append(.init(name: "retryAfter", value: .integer(wait))) }
        return GraphQLError(known.message, extensions: JSONObject(members))
    }

    /// The errors of a request that is not executed, each with a code.
    static func errors(_ failure: RequestFailure) -> [GraphQLError] {
        failure.errors.map { error in
            guard error.extensions.members.isEmpty else { return error }
            var error = error
            error.extensions = JSONObject([.init(name: "code", value: .string(code(failure.stage).text))])
            return error
        }
    }

    /// The code of what is wrong with a request.
    static func code(_ stage: RequestFailure.Stage) -> ErrorCode {
        switch stage {
        case .parameters, .syntax, .operation: .malformedRequest
        case .persistedQueryNotFound: .persistedQueryNotFound
        case .validation, .variables: .validation
        case .limit: .operationTooLarge
        }
    }
}
