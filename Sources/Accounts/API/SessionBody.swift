internal import HTTPPipeline
internal import JSON

/// The members of a sign-in.
///
/// Address and password are not checked here: whatever is wrong with them is told as wrong credentials, so that nothing
/// is learnt about which accounts there are.
enum SessionBody {
    static let email = Member<String>(string: "email", .string(length: 1...1024, format: "idn-email"))
        .documented("In any case.", example: "grace@example.com")
    static let password = Member<String>(string: "password", .string(length: 1...4096, format: "password"))
        .documented(example: "a long sentence of mine")
    /// Whether the token is set as a cookie rather than shown.
    static let cookie = Member<Bool>(boolean: "cookie")
        .documented("Sets the token as a cookie and does not show it.", example: true)

    /// POST.
    static let credentials = ObjectSchema("Credentials", [.required(email), .required(password), .optional(cookie)])
}
