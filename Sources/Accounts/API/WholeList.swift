internal import HTTPPipeline
internal import JSON

extension Response {
    /// A list that is always one page, because nobody has more than `limit` of its items.
    ///
    /// It has the envelope and the links of other lists, so that clients read it alike.
    static func wholeList<Item>(
        _ items: [Item],
        limit: Int,
        path: String,
        _ write: (Item, inout JSONWriter) -> Void
    ) -> Response {
        var response = Response.page(items, page: 1, perPage: limit, total: items.count, write)
        response.add("Link", "<\(path)>; rel=\"first\", <\(path)>; rel=\"last\"")
        return response.privately()
    }
}
