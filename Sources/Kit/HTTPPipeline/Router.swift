/// Finds the endpoint of a path and a method.
///
/// Patterns are written as `/users/{id}`: segments that stand for themselves, and segments in braces that take any
/// one segment. A segment that stands for itself wins. Paths are compared as they were sent, so that a path which the
/// web server would read in another way (`//users`, `/x/../users`, a trailing slash) matches nothing.
public struct Router<Endpoint> {
    /// A path that exists, with its methods.
    public struct Match {
        /// The pattern, in its canonical form.
        public let pattern: String
        /// The endpoints by method; never empty.
        public let endpoints: [(method: Method, endpoint: Endpoint)]
        /// The values of the segments in braces.
        public let parameters: PathParameters

        @inlinable
        init(pattern: String, endpoints: [(method: Method, endpoint: Endpoint)], parameters: PathParameters) {
            self.pattern = pattern
            self.endpoints = endpoints
            self.parameters = parameters
        }

        /// The methods for the Allow field: HEAD wherever GET is, OPTIONS always.
        public var allow: String {
            var names = endpoints.map(\.method.rawValue)
            if names.contains("GET") { names.append("HEAD") }
            names.append("OPTIONS")
            return names.joined(separator: ", ")
        }
    }

    @usableFromInline var nodes: [RouteNode] = [RouteNode()]
    /// Those of each node.
    @usableFromInline var endpoints: [[(method: Method, endpoint: Endpoint)]] = [[]]

    /// Makes a router without routes.
    public init() {}

    /// Adds an endpoint where `pattern` says.
    ///
    /// `canonical` is the pattern that the log and the documentation name, where several lead to the same endpoint.
    public mutating func add(_ method: Method, _ pattern: String, canonical: String? = nil, _ endpoint: Endpoint) {
        var node = 0
        for segment in pattern.split(separator: "/") {
            node =
                segment.hasPrefix("{")
                ? parameter(String(segment.dropFirst().dropLast()), below: node)
                : literal(Array(segment.utf8), below: node)
        }
        nodes[node].pattern = canonical ?? pattern
        endpoints[node].append((method, endpoint))
    }

    /// Finds the route of a path, or nil where there is none.
    @inlinable public func match(_ path: [UInt8]) -> Match? {
        var parameters = PathParameters()
        guard let node = RouteNode.find(path, in: nodes, &parameters), !endpoints[node].isEmpty else { return nil }
        return Match(pattern: nodes[node].pattern, endpoints: endpoints[node], parameters: parameters)
    }

    private mutating func literal(_ segment: [UInt8], below node: Int) -> Int {
        if let child = nodes[node].literals.first(where: { $0.segment == segment }) { return child.node }
        let child = makeNode()
        nodes[node].literals.append((segment, child))
        return child
    }

    private mutating func parameter(_ name: String, below node: Int) -> Int {
        if let child = nodes[node].parameter { return child.node }
        let child = makeNode()
        nodes[node].parameter = (name, child)
        return child
    }

    private mutating func makeNode() -> Int {
        nodes.append(RouteNode())
        endpoints.append([])
        return nodes.count - 1
    }
}

/// A place in the tree of all patterns; what does not depend on the kind of the endpoints.
@usableFromInline struct RouteNode {
    var literals: [(segment: [UInt8], node: Int)] = []
    var parameter: (name: String, node: Int)?
    @usableFromInline var pattern = ""

    /// Walks down a path, and gives the number of the node at its end.
    @usableFromInline static func find(
        _ path: [UInt8],
        in nodes: [RouteNode],
        _ parameters: inout PathParameters
    ) -> Int? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var node = 0
        // A slash alone has no segment, not an empty one.
        var start = path.count == 1 ? 2 : 1
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            if let next = nodes[node].child(path, start, end) {
                node = next
            } else if let parameter = nodes[node].parameter, end > start,
                let value = PercentEncoding.decodeText(path[start..<end], plusIsSpace: false)
            {
                parameters.append(parameter.name, value)
                node = parameter.node
            } else {
                return nil
            }
            start = end + 1
        }
        return node
    }

    /// The node below for a segment that stands for itself.
    private func child(_ path: [UInt8], _ start: Int, _ end: Int) -> Int? {
        for child in literals where child.segment.count == end - start {
            var index = 0
            while index < child.segment.count, child.segment[index] == path[start + index] { index += 1 }
            if index == child.segment.count { return child.node }
        }
        return nil
    }
}

/// The values that a path gave to the segments in braces, percent-decoded.
public struct PathParameters: Sendable, Equatable {
    private var names: [String] = []
    /// The values in the order of their segments.
    public private(set) var values: [String] = []

    /// Makes an empty set.
    public init() {}

    /// Adds a value.
    public mutating func append(_ name: String, _ value: String) {
        names.append(name)
        values.append(value)
    }

    /// The value of a segment by its name.
    public subscript(_ name: String) -> String? {
        names.firstIndex(of: name).map { values[$0] }
    }

    /// Compares names and values in order.
    public static func == (left: PathParameters, right: PathParameters) -> Bool {
        left.names == right.names && left.values == right.values
    }
}
