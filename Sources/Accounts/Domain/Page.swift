/// One page of a list, and how long the list is.
package struct Page<Item> {
    /// The rows of the page, in order; none where the page lies behind the end.
    package let items: [Item]

    /// The number of rows on all pages.
    package let total: Int

    /// Puts the rows of a page and the total together; both seen at the same instant.
    package init(items: [Item], total: Int) {
        self.items = items
        self.total = total
    }
}

extension Page: Sendable where Item: Sendable {}
