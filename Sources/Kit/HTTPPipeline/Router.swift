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

        /// The methods for the Allow field: HEAD wherever GET is, OPTIONS always.
        public var allow: String {
            var names = endpoints.map(\.method.rawValue)
            if names.contains("GET") { names.append("HEAD") }
            names.append("OPTIONS")
            return names.joined(separator: ", ")
        }
    }

    private struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: (name: String, node: Int)?
        var pattern = ""
        var endpoints: [(method: Method, endpoint: Endpoint)] = []
    }

    private var nodes: [Node] = [Node()]

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
        nodes[node].endpoints.append((method, endpoint))
    }

    /// Finds the route of a path, or nil where there is none.
    public func match(_ path: [UInt8]) -> Match? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var parameters = PathParameters()
        var node = 0
        // A slash alone has no segment, not an empty one.
        var start = path.count == 1 ? 2 : 1
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            if let next = literalChild(of: node, path, start, end) {
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
        guard !nodes[node].endpoints.isEmpty else { return nil }
        return Match(pattern: nodes[node].pattern, endpoints: nodes[node].endpoints, parameters: parameters)
    }

    private func literalChild(of node: Int, _ path: [UInt8], _ start: Int, _ end: Int) -> Int? {
        for child in nodes[node].literals where child.segment.count == end - start {
            var index = 0
            while index < child.segment.count, child.segment[index] == path[start + index] { index += 1 }
            if index == child.segment.count { return child.node }
        }
        return nil
    }

    private mutating func literal(_ segment: [UInt8], below node: Int) -> Int {
        if let child = nodes[node].literals.first(where: { $0.segment == segment }) { return child.node }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func parameter(_ name: String, below node: Int) -> Int {
        if let child = nodes[node].parameter { return child.node }
        nodes.append(Node())
        nodes[node].parameter = (name, nodes.count - 1)
        return nodes.count - 1
    }
}

/// The values that a path gave to the segments in braces, percent-decoded.
public struct PathParameters: Sendable, Equatable {
    private var names: [String] = []
    private var values: [String] = []

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
