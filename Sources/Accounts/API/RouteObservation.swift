internal import HTTPPipeline

/// The stage that tells which route a request is for, as soon as that is known.
struct RouteObservation: Stage {
    /// Is told the number of the route in the table.
    let observe: (Int) -> Void

    func respond(
        to request: RoutedRequest<Endpoint>,
        next: (RoutedRequest<Endpoint>) throws -> Response
    ) throws -> Response {
        request.request.record.routeNumber = request.endpoint.number
        observe(request.endpoint.number)
        return try next(request)
    }
}
