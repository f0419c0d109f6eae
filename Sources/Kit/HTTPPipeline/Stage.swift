/// One step on a request's way: it may answer, refuse by throwing, refine the context for the next, or look at the
/// response on its way back.
///
/// `Input` and `Output` are the contexts before and after. A stage that needs a signed-in user takes a context that has
/// one, so that stages in a wrong order do not compile. A stage belongs to the thread that serves with it: each handler
/// thread has a pipeline of its own, and nothing in it is shared or locked unless it says so.
public protocol Stage<Input, Output> {
    /// The context that the stage needs.
    associatedtype Input
    /// The context that it makes for the next stage.
    associatedtype Output

    /// Handles one request, calling `next` at most once.
    ///
    /// - Throws: ``HTTPError`` for what the client is told; anything else is a fault. Blocks as long as `next` does.
    func respond(to input: Input, next: (Output) throws -> Response) throws -> Response
}

extension Stage {
    /// Puts a stage behind this one.
    @inlinable
    public func then<Next: Stage>(_ next: Next) -> Chain<Self, Next> where Next.Input == Output {
        Chain(first: self, second: next)
    }
}

/// Two stages, one behind the other, as one.
public struct Chain<First: Stage, Second: Stage>: Stage where First.Output == Second.Input {
    @usableFromInline let first: First
    @usableFromInline let second: Second

    @inlinable
    init(first: First, second: Second) {
        self.first = first
        self.second = second
    }

    /// Runs the first stage around the second.
    @inlinable
    public func respond(to input: First.Input, next: (Second.Output) throws -> Response) throws -> Response {
        try first.respond(to: input) { try second.respond(to: $0, next: next) }
    }
}
