public import FastCGI
public import HTTPPipeline

/// Tells the requests of some routes from all others by what has arrived, before anybody takes them.
///
/// It reads what the `Router` reads, by the same rules, so that no way of writing a path leads to the route and around this.
/// A request whose method no such route has costs a comparison.
public struct RequestClassifier {
    private var router = Router<Void>()
    private var methods: [HTTPPipeline.Method] = []

    /// Takes the routes, by method and pattern.
    public init(_ routes: [(method: HTTPPipeline.Method, pattern: String)]) {
        for route in routes {
            router.add(route.method, route.pattern, ())
            if !methods.contains(route.method) { methods.append(route.method) }
        }
    }

    /// Whether the request that has arrived is for one of the routes.
    public func matches(_ request: FastCGI.Request) -> Bool {
        guard let method = request.withArrivedParameter("REQUEST_METHOD", method(in:)) else { return false }
        let path = request.withArrivedParameter("REQUEST_URI") { Target($0).path }
        return router.match(path)?.endpoints.contains { $0.method == method } ?? false
    }

    private func method(in bytes: Span<UInt8>?) -> HTTPPipeline.Method? {
        guard let bytes else { return nil }
        return methods.first { method in
            let name = method.rawValue.utf8
            return name.count == bytes.count && zip(name, bytes.indices).allSatisfy { $0 == bytes[$1] }
        }
    }
}
