internal import Domain
internal import HTTPPipeline
internal import Services

/// What answers the routes of passwords.
struct PasswordHandlers {
    let passwords: PasswordService

    /// Changes the caller's password; the session that the request came with goes on.
    func change(_ call: Call, by caller: Principal) throws -> Response {
        try passwords.change(
            from: try call.body.value(of: PasswordBody.current),
            to: try call.body.value(of: PasswordBody.new),
            by: caller,
            answering: call.answering { Response(.noContent) }
        )
    }
}
