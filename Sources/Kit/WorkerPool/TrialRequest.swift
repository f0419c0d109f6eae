/// The request with which a new worker is tried before it gets any of a client's.
public struct TrialRequest: Sendable {
    /// The parameters of the request; it has no body.
    public let parameters: [(name: String, value: String)]
    /// Whether an answer, all of STDOUT, is a good one.
    public let accepts: @Sendable ([UInt8]) -> Bool

    /// Describes the request and its good answers.
    public init(
        parameters: [(name: String, value: String)],
        accepts: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.parameters = parameters
        self.accepts = accepts
    }
}
