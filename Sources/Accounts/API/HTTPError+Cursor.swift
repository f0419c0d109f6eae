internal import HTTPPipeline

extension HTTPError {
    /// A cursor of another list, or of nobody; `name` is what the client sent it as.
    static func cursorOfAnotherList(sentAs name: String = UserQuery.cursor.name) -> HTTPError {
        HTTPError(
            .invalidCursor,
            "The cursor is none of this list. Send it with the sort and the filters that it came with.",
            details: [.init(field: name, message: "is not valid here")]
        )
    }
}
