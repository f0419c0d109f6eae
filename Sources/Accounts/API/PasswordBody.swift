internal import Domain
internal import HTTPPipeline
internal import JSON

/// The members of a change of the caller's own password.
enum PasswordBody {
    /// Not checked here: whatever is wrong with it is told as a wrong password.
    static let current = Member<String>(string: "current", .string(length: 1...4096, format: "password"))
        .documented("The present one.", example: "a long sentence of mine")

    static let new = Member<Password>(
        "new",
        .string(length: Password.shortest...Password.longestInBytes, format: "password"),
        convert: UserBody.parsed(Password.init(_:))
    ).documented("Taken exactly as typed; not one that everybody knows.", example: "another long sentence")

    /// POST.
    static let change = ObjectSchema("PasswordChange", [.required(current), .required(new)])
}
