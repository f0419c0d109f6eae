/// Which rows of a list are wanted, told by a row that the caller knows; a place has no number that could shift.
package struct WalkRequest: Hashable, Sendable {
    /// Where to go on.
    package enum Step: Hashable, Sendable {
        /// At the beginning of the list.
        case begin
        /// With the rows that follow a place in the list.
        case after(UserPosition)
        /// With the rows that lead up to a place in the list.
        case before(UserPosition)
    }

    /// Where to go on.
    package let step: Step

    /// The greatest number of rows.
    package let size: Int

    /// Checks a step that somebody asks for.
    ///
    /// Throws `pageSize`.
    package init(_ step: Step, size: Int = PageRequest.defaultSize) throws(InvalidValue) {
        guard (1...PageRequest.largestSize).contains(size) else { throw .pageSize }
        self.step = step
        self.size = size
    }
}
