/// Which page of a list is wanted, and how large pages are.
package struct PageRequest: Hashable, Sendable {
    /// The greatest number of rows on a page.
    package static let largestSize = 100

    /// The number of rows on a page where nobody says otherwise.
    package static let defaultSize = 20

    /// How many rows may be skipped: an engine has to walk over each of them.
    package static let deepestOffset = 10_000

    /// The first page of the default size.
    package static let first = PageRequest(checkedNumber: 1, size: defaultSize)

    /// The number of the page, from 1.
    package let number: Int

    /// The greatest number of rows on the page.
    package let size: Int

    /// Checks a page that somebody asks for.
    ///
    /// Throws `pageSize`, `pageNumber` or `pageTooDeep`.
    package init(number: Int, size: Int = Self.defaultSize) throws(InvalidValue) {
        guard (1...Self.largestSize).contains(size) else { throw .pageSize }
        guard number >= 1 else { throw .pageNumber }
        // Divided rather than multiplied: the number may be as large as an Int can be.
        guard number - 1 <= Self.deepestOffset / size else { throw .pageTooDeep }
        self.init(checkedNumber: number, size: size)
    }

    private init(checkedNumber number: Int, size: Int) {
        self.number = number
        self.size = size
    }

    /// The number of rows before the page.
    package var offset: Int { (number - 1) * size }
}
