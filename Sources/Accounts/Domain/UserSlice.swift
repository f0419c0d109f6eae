/// Which rows of a list a repository reads, and in which direction.
///
/// It asks for one row more than is shown, which tells whether the list goes on.
package struct UserSlice: Sendable {
    /// The list.
    package let list: UserList

    /// The stretch of the list's order.
    package let range: UserRange

    /// Whether the stretch is read from its upper end.
    package let descending: Bool

    /// How many rows of the stretch are passed over.
    package let offset: Int

    /// How many rows are shown.
    package let size: Int

    /// How many rows are read at most.
    package var limit: Int { size + 1 }

    /// The rows of a page.
    package init(_ request: PageRequest, of list: UserList) {
        self.list = list
        range = list.range
        descending = list.sort.descending
        offset = request.offset
        size = request.size
    }

    /// The rows that a step of a walk meets.
    package init(_ request: WalkRequest, of list: UserList) {
        self.list = list
        let whole = list.range
        // A place in the list lies within the list's own stretch: it takes the place of one of the ends.
        switch (request.step, list.sort.descending) {
        case (.begin, let descending):
            range = whole
            self.descending = descending
        case (.after(let position), false), (.before(let position), true):
            range = UserRange(lower: position, upper: whole.upper)
            descending = false
        case (.after(let position), true), (.before(let position), false):
            range = UserRange(lower: whole.lower, upper: position)
            descending = true
        }
        offset = 0
        size = request.size
    }
}
