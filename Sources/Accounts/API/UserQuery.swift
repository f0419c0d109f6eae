internal import Domain
internal import HTTPPipeline

/// The parameters of lists of users.
enum UserQuery {
    static let page = Member<Int>(integer: "page", 1...Int64.max)
    static let perPage = Member<Int>(integer: "per_page", 1...Int64(PageRequest.largestSize))

    /// GET of the list.
    static let list = QuerySchema([.optional(page), .optional(perPage)])
}
