/// One page of a list, and how long the list is.
package struct Page<Item> {
    /// The rows of the page, in order; none where the page lies behind the end.
    package let items: [Item]

    /// The number of rows on all pages; nil where nobody wants to know.
    package let total: Int?

    /// Whether another page follows.
    package let hasNext: Bool

    /// Puts together what was seen at the same instant.
    package init(items: [Item], total: Int?, hasNext: Bool) {
        self.items = items
        self.total = total
        self.hasNext = hasNext
    }
}

extension Page: Sendable where Item: Sendable {}
