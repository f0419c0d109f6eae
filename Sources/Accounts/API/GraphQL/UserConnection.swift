internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Pagination
internal import Services

/// A stretch of a list of users as a connection (GraphQL Cursor Connections): over the lists, the order and the cursors of
/// REST.
struct UserConnection {
    /// A user of it, with the place in the list.
    struct Edge {
        let user: User
        let cursor: String
    }

    /// What there is around it.
    struct PageInfo {
        let hasNext: Bool
        let hasPrevious: Bool
        let start: String?
        let end: String?
    }

    let users: [User]
    let list: UserList
    private let selection: UserSelection
    private let hasNext: Bool
    private let hasPrevious: Bool
    private let signing: any CursorSigning

    /// Reads the stretch that some arguments ask for.
    ///
    /// Throws ``HTTPError`` 400 for filters, sizes and cursors as REST does, and what the service throws.
    init(_ arguments: Arguments, _ context: GraphQLContext) throws {
        let caller = try context.signedIn()
        var members = arguments.object("filter")?.values ?? JSONObject()
        if let sort = arguments["sort"] { members.members.append(.init(name: "sort", value: sort)) }
        selection = try UserSelection(try UserQuery.selection.read(Arguments(members)))
        signing = context.services.signing
        list = selection.list
        let (first, last) = (arguments.integer("first"), arguments.integer("last"))
        guard first == nil || last == nil else { throw Self.invalid("last", "cannot be combined with first") }
        let size = first ?? last ?? PageRequest.defaultSize
        guard (1...PageRequest.largestSize).contains(size) else {
            throw Self.invalid(last == nil ? "first" : "last", "must be from 1 to \(PageRequest.largestSize)")
        }
        let (selection, signing) = (selection, signing)
        let after = try arguments.string("after").map { try selection.place(of: $0, as: "after", signing: signing) }
        let before = try arguments.string("before").map { try selection.place(of: $0, as: "before", signing: signing) }
        guard after == nil || before == nil else { throw Self.invalid("before", "cannot be combined with after") }
        guard last == nil || after == nil else { throw Self.invalid("last", "goes together with before only") }
        guard first == nil || before == nil else { throw Self.invalid("first", "goes together with after only") }

        let users = context.services.users
        if last != nil, before == nil {
            // From the end: the same list the other way round.
            let sort = UserSort(by: list.sort.key, descending: !list.sort.descending)
            let reversed = try UserList(list.criteria, sortedBy: sort)
            let found = try users.walk(try WalkRequest(.begin, size: size), of: reversed, by: caller)
            self.users = found.items.reversed()
            hasNext = false
            hasPrevious = found.next != nil
            return
        }
        let step: WalkRequest.Step = after.map { .after($0.position) } ?? before.map { .before($0.position) } ?? .begin
        let found = try users.walk(try WalkRequest(step, size: size), of: list, by: caller)
        self.users = found.items
        hasNext = found.next != nil
        hasPrevious = found.previous != nil
    }

    var edges: [Edge] { users.map { Edge(user: $0, cursor: cursor(of: $0)) } }

    var pageInfo: PageInfo {
        PageInfo(
            hasNext: hasNext,
            hasPrevious: hasPrevious,
            start: users.first.map(cursor(of:)),
            end: users.last.map(cursor(of:))
        )
    }

    /// The place of a user: the one that leads to what follows, as REST gives it for the last of a stretch.
    private func cursor(of user: User) -> String {
        func text(_ signing: some CursorSigning) -> String {
            selection.cursor(.after, UserPosition(of: user, by: list.sort.key), signing: signing)
        }
        return text(signing)
    }

    private static func invalid(_ field: String, _ message: String) -> HTTPError {
        HTTPError(.validation, "Invalid input", details: [.init(field: field, message: message)])
    }
}

extension AccountsSchema {
    /// What lists of users are made of.
    static func addConnections(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.input(UserQuery.filter, description: "Which users a list has; no index serves every combination.")
        builder.object("UserConnection", of: UserConnection.self, description: "A stretch of a list of users.") {
            type in
            type.object("edges", "[UserEdge!]!", description: "The users with their places.") { .values($0.edges) }
            type.object("nodes", "[User!]!", description: "The users.") { .values($0.users) }
            type.object("pageInfo", "PageInfo!", description: "What there is around them.") { .value($0.pageInfo) }
            type.values("totalCount", "Int", description: "How many users the whole list has.", cost: .read) {
                connections,
                _,
                context in
                let caller = try context.signedIn()
                return try connections.map {
                    .value(.integer(Int64(try context.services.users.count($0.list, by: caller))))
                }
            }
        }
        builder.object("UserEdge", of: UserConnection.Edge.self, description: "A user of a list.") { type in
            type.value("cursor", "String!", description: "The place, for `after` and `before`.") { .string($0.cursor) }
            type.object("node", "User!") { .value($0.user) }
        }
        builder.object("PageInfo", of: UserConnection.PageInfo.self, description: "What there is around a stretch.") {
            type in
            type.value("hasNextPage", "Boolean!") { .bool($0.hasNext) }
            type.value("hasPreviousPage", "Boolean!") { .bool($0.hasPrevious) }
            type.value("startCursor", "String") { $0.start.map(JSONValue.string) ?? .null }
            type.value("endCursor", "String") { $0.end.map(JSONValue.string) ?? .null }
        }
    }
}
