internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Pagination

/// What a client asks of the list of users, read from its query.
struct UserListing {
    /// By the number of a page, or by a cursor.
    enum Part {
        case page(PageRequest)
        case step(WalkRequest)
    }

    let part: Part
    let fields: AttributeSelection
    private let selection: UserSelection
    private let options: [(name: String, value: String)]

    /// - Throws: ``HTTPError`` 400: what no index serves, a page too deep, a cursor of another list or of nobody.
    init(_ query: MemberValues, signing: some CursorSigning) throws {
        selection = try UserSelection(query)
        fields = query[UserQuery.fields] ?? .all
        let size = query[UserQuery.perPage] ?? PageRequest.defaultSize
        options = Self.options(query, size)
        if let cursor = query[UserQuery.cursor] {
            guard query[UserQuery.page] == nil else {
                throw HTTPError.invalidArgument("page", "cannot be combined with cursor")
            }
            part = .step(try WalkRequest(Self.step(cursor, in: selection, signing), size: size))
        } else {
            do throws(InvalidValue) {
                part = .page(try PageRequest(number: query[UserQuery.page] ?? 1, size: size))
            } catch {
                throw HTTPError.invalidArgument("page", error.message)
            }
        }
    }

    /// Which users it is about.
    var list: UserList { selection.list }

    /// Links that carry on what the query asked for.
    var links: PageLinks { PageLinks(path: "/api/v1/users", parameters: options + selection.filters) }

    /// The text of a cursor for a step, or nil where there is none to take.
    func cursor(_ step: WalkRequest.Step?, signing: some CursorSigning) -> String? {
        switch step {
        case .after(let position): selection.cursor(.after, position, signing: signing)
        case .before(let position): selection.cursor(.before, position, signing: signing)
        case .begin, nil: nil
        }
    }

    private static func step(
        _ text: String,
        in selection: UserSelection,
        _ signing: some CursorSigning
    ) throws -> WalkRequest.Step {
        guard !text.isEmpty else { return .begin }
        let place = try selection.place(of: text, signing: signing)
        return switch place.direction {
        case .after: .after(place.position)
        case .before: .before(place.position)
        }
    }

    private static func options(_ query: MemberValues, _ size: Int) -> [(name: String, value: String)] {
        var options = [(name: UserQuery.perPage.name, value: "\(size)")]
        if let sort = query[UserQuery.sort] { options.append((UserQuery.sort.name, UserSort.names[sort.number].name)) }
        if let fields = query[UserQuery.fields] {
            options.append((UserQuery.fields.name, User.representation.text(of: fields)))
        }
        return options
    }
}
