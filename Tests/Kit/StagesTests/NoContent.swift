import HTTPPipeline

/// A request without header fields and body.
struct NoContent: RequestContent {
    func field(_ name: FieldName) -> String? { nil }
    func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        try body([UInt8]().span)
    }
}
