internal import GraphQL
internal import HTTPPipeline
internal import JSON

/// The stage that makes an answer in the shape of GraphQL of every error behind it.
struct GraphQLErrorRendering: Stage {
    let profile: GraphQLProfile

    /// Never throws.
    func respond(to routed: RoutedRequest<Endpoint>, next: (RoutedRequest<Endpoint>) throws -> Response) -> Response {
        let request = routed.request
        do {
            return try next(routed)
        } catch let failure as RequestFailure {
            let media = media(of: request)
            if request.record.errorCode == nil {
                request.record.errorCode = GraphQLErrors.code(failure.stage).text
            }
            return answer(
                profile.status(of: failure.stage, for: media),
                GraphQLErrors.errors(failure),
                for: media
            )
        } catch {
            let known = GraphQLErrors.known(error)
            GraphQLErrors.note(known, in: request.record)
            var response = answer(known.code.status, [GraphQLErrors.error(known)], for: media(of: request))
            for field in known.fields { response.add(field) }
            return response
        }
    }

    /// Who takes neither is told so in GraphQL's own.
    private func media(of request: Request) -> GraphQLMediaType {
        GraphQLMediaType(accept: request.field(.accept)) ?? .graphQL
    }

    private func answer(_ status: Status, _ errors: [GraphQLError], for media: GraphQLMediaType) -> Response {
        var writer = JSONWriter()
        writer.object { $0.member("errors", errors) }
        var response = Response(
            status,
            contentType: profile.mediaType(of: status, for: media).contentType,
            body: writer.bytes
        )
        response.add("Cache-Control", "no-store")
        return response
    }
}

/// The stage that refuses clients which take neither media type of GraphQL (406).
struct GraphQLNegotiation: Stage {
    /// Passes the request on where its Accept field admits an answer.
    ///
    /// - Throws: ``HTTPError`` 406.
    func respond(
        to routed: RoutedRequest<Endpoint>,
        next: (RoutedRequest<Endpoint>) throws -> Response
    ) throws -> Response {
        guard GraphQLMediaType(accept: routed.request.field(.accept)) != nil else {
            throw HTTPError(.notAcceptable, "Only application/graphql-response+json and application/json are offered.")
        }
        return try next(routed)
    }
}
