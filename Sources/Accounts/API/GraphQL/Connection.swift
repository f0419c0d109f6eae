internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON

/// A stretch of a list as a connection (GraphQL Cursor Connections).
struct Connection<Node> {
    /// Something of the list, with its place.
    struct Edge {
        let node: Node
        fileprivate let place: (Node) -> String

        /// Signed when it is asked for.
        var cursor: String { place(node) }
    }

    let nodes: [Node]
    let hasNext: Bool
    let hasPrevious: Bool
    /// The place of a node, which leads to what follows.
    let cursor: (Node) -> String

    var edges: [Edge] { nodes.map { Edge(node: $0, place: cursor) } }

    var pageInfo: PageInfo {
        PageInfo(
            hasNext: hasNext,
            hasPrevious: hasPrevious,
            start: { nodes.first.map(cursor) },
            end: { nodes.last.map(cursor) }
        )
    }
}

/// What there is around a stretch.
struct PageInfo {
    let hasNext: Bool
    let hasPrevious: Bool
    // Signed when they are asked for.
    let start: () -> String?
    let end: () -> String?
}

extension Arguments {
    /// What the argument `id` names.
    ///
    /// Throws `notFound`: an id that is none is one that nobody has.
    func identifier<Entity>() throws -> Identifier<Entity> {
        guard let id = string("id").flatMap({ Identifier<Entity>($0) }) else { throw DomainError.notFound }
        return id
    }

    /// How many nodes an argument asks for at most; ``PageRequest/defaultSize`` where it is left out.
    ///
    /// - Throws: ``HTTPError`` 400.
    func size(_ name: String) throws -> Int {
        let size = integer(name) ?? PageRequest.defaultSize
        guard (1...PageRequest.largestSize).contains(size) else {
            throw HTTPError.invalidArgument(name, "must be from 1 to \(PageRequest.largestSize)")
        }
        return size
    }
}

extension SchemaBuilder where Context == GraphQLContext {
    /// Adds the types of lists of one kind of nodes: `<node>Connection` and `<node>Edge`.
    ///
    /// `fields` adds what these connections have beside what all have.
    mutating func connection<Holder, Node>(
        of node: String,
        description: String,
        _ connection: @escaping (Holder) -> Connection<Node>,
        fields: (inout ObjectTypeBuilder<Context, Holder>) -> Void = { _ in }
    ) {
        func list(of name: String) -> TypeReference { .nonNull(.list(.nonNull(.named(name)))) }
        object("\(node)Connection", of: Holder.self, description: description) { type in
            type.object("edges", list(of: "\(node)Edge"), description: "What is in it, with the places.") {
                .values(connection($0).edges)
            }
            type.object("nodes", list(of: node), description: "The same without the places.") {
                .values(connection($0).nodes)
            }
            type.object("pageInfo", "PageInfo!", description: "What there is around it.") {
                .value(connection($0).pageInfo)
            }
            fields(&type)
        }
        object("\(node)Edge", of: Connection<Node>.Edge.self, description: "A place in a list.") { type in
            type.value("cursor", "String!", description: "The place, for `after` and `before`.") { .string($0.cursor) }
            type.object("node", .nonNull(.named(node)), description: "What stands there.") { .value($0.node) }
        }
    }

    /// Adds what all connections have in common.
    mutating func pageInfo() {
        object("PageInfo", of: PageInfo.self, description: "What there is around a stretch of a list.") { type in
            type.value("hasNextPage", "Boolean!") { .bool($0.hasNext) }
            type.value("hasPreviousPage", "Boolean!") { .bool($0.hasPrevious) }
            type.value("startCursor", "String") { $0.start().map(JSONValue.string) ?? .null }
            type.value("endCursor", "String") { $0.end().map(JSONValue.string) ?? .null }
        }
    }
}
