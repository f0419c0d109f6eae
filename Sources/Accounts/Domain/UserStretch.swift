/// The rows that a step of a walk has met, and where the walk can go on.
///
/// A row that keeps its place is met exactly once by a walk, whatever happens to others meanwhile.
package struct UserStretch: Sendable {
    /// The rows, in the order of the list.
    package let items: [User]

    /// The step to what leads up to the rows; nil at the beginning of the list.
    package let previous: WalkRequest.Step?

    /// The step to what follows the rows; nil at the end of the list.
    package let next: WalkRequest.Step?

    /// Makes a stretch of what a repository has read for a step.
    package init(_ rows: [User], for request: WalkRequest, of list: UserList) {
        let hasMore = rows.count > request.size
        let shown = rows.prefix(request.size)
        switch request.step {
        case .begin:
            items = Array(shown)
            previous = nil
            next = hasMore ? Self.behind(items, of: list) : nil
        case .after(let position):
            items = Array(shown)
            previous = Self.ahead(of: items, of: list) ?? .before(Self.place(behind: position, of: list))
            next = hasMore ? Self.behind(items, of: list) : nil
        case .before(let position):
            items = shown.reversed()
            previous = hasMore ? Self.ahead(of: items, of: list) : nil
            next = Self.behind(items, of: list) ?? .after(Self.place(aheadOf: position, of: list))
        }
    }

    private static func ahead(of items: [User], of list: UserList) -> WalkRequest.Step? {
        items.first.map { .before(UserPosition(of: $0, by: list.sort.key)) }
    }

    private static func behind(_ items: [User], of list: UserList) -> WalkRequest.Step? {
        items.last.map { .after(UserPosition(of: $0, by: list.sort.key)) }
    }

    // Where a step meets no row, the way back begins beyond the row that the caller knows: it is met again, not lost.

    private static func place(behind position: UserPosition, of list: UserList) -> UserPosition {
        list.sort.descending ? position.predecessor : position.successor
    }

    private static func place(aheadOf position: UserPosition, of list: UserList) -> UserPosition {
        list.sort.descending ? position.successor : position.predecessor
    }
}
