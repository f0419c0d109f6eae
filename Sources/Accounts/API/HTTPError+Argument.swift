internal import HTTPPipeline

extension HTTPError {
    /// A parameter of a query, or an argument of a field, that is not as it must be.
    static func invalidArgument(_ name: String, _ message: String) -> HTTPError {
        HTTPError(.validation, "Invalid input", details: [.init(field: name, message: message)])
    }
}
