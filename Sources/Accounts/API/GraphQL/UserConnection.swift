internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Pagination
internal import Services

/// A stretch of a list of users: over the lists, the order and the cursors of REST.
struct UserConnection {
    let connection: Connection<User>
    let list: UserList

    /// Reads the stretch that some arguments ask for.
    ///
    /// Throws ``HTTPError`` 400 for filters, sizes and cursors as REST does, and what the service throws.
    init(_ arguments: Arguments, _ context: GraphQLContext) throws {
        let caller = try context.administrator()
        var members = arguments.object("filter")?.values ?? JSONObject()
        if let sort = arguments["sort"] { members.members.append(.init(name: "sort", value: sort)) }
        let selection = try UserSelection(try UserQuery.selection.read(Arguments(members)))
        let (list, signing) = (selection.list, context.services.signing)
        self.list = list
        let (first, last) = (arguments.integer("first"), arguments.integer("last"))
        guard first == nil || last == nil else {
            throw HTTPError.invalidArgument("last", "cannot be combined with first")
        }
        let size = try arguments.size(last == nil ? "first" : "last")
        let after = try arguments.string("after").map { try selection.place(of: $0, as: "after", signing: signing) }
        let before = try arguments.string("before").map { try selection.place(of: $0, as: "before", signing: signing) }
        guard after == nil || before == nil else {
            throw HTTPError.invalidArgument("before", "cannot be combined with after")
        }
        guard last == nil || after == nil else {
            throw HTTPError.invalidArgument("last", "goes together with before only")
        }
        guard first == nil || before == nil else {
            throw HTTPError.invalidArgument("first", "goes together with after only")
        }

        func connection(_ users: [User], hasNext: Bool, hasPrevious: Bool) -> Connection<User> {
            Connection(nodes: users, hasNext: hasNext, hasPrevious: hasPrevious) { user in
                selection.cursor(.after, UserPosition(of: user, by: list.sort.key), signing: signing)
            }
        }
        let users = context.services.users
        if last != nil, before == nil {
            // From the end: the same list the other way round.
            let sort = UserSort(by: list.sort.key, descending: !list.sort.descending)
            let reversed = try UserList(list.criteria, sortedBy: sort)
            let found = try users.walk(try WalkRequest(.begin, size: size), of: reversed, by: caller)
            self.connection = connection(found.items.reversed(), hasNext: false, hasPrevious: found.next != nil)
            return
        }
        let step: WalkRequest.Step = after.map { .after($0.position) } ?? before.map { .before($0.position) } ?? .begin
        let found = try users.walk(try WalkRequest(step, size: size), of: list, by: caller)
        self.connection = connection(found.items, hasNext: found.next != nil, hasPrevious: found.previous != nil)
    }
}

extension AccountsSchema {
    /// What lists of users are made of.
    static func addUserLists(to builder: inout SchemaBuilder<GraphQLContext>) {
        builder.input(UserQuery.filter, description: "Which users a list has; no index serves every combination.")
        builder.connection(of: "User", description: "A stretch of a list of users.", \UserConnection.connection) {
            type in
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
    }
}
