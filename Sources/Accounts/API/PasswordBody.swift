internal import Domain
internal import HTTPPipeline

/// The members of a change of the caller's own password.
enum PasswordBody {
    /// Not checked here: whatever is wrong with it is told as a wrong password.
    static let current = Member<String>(string: "current", .string(length: 1...4096, format: "password"))

    static let new = Member<Password>(
        "new",
        .string(length: Password.shortest...Password.longestInBytes, format: "password"),
        convert: UserBody.parsed(Password.init(_:))
    )

    /// POST.
    static let change = ObjectSchema([.required(current), .required(new)])
}
