/// How an operation is executed.
struct ExecutionOptions {
    let maximumErrors: Int
    /// Asked before each field of a scope.
    let isExpired: () -> Bool
    /// What a client is told of an error that is not one of GraphQL.
    let describe: (any Error) -> GraphQLError
}
