internal import Domain
internal import HTTPPipeline
internal import JSON

/// The members of what is asked for and confirmed by mail.
enum ConfirmationBody {
    static let email = Member<EmailAddress>(
        "email",
        .string(length: 1...EmailAddress.longestInBytes, format: "idn-email"),
        convert: UserBody.parsed(EmailAddress.init(_:))
    ).documented("In any case.", example: "ben@example.com")

    static let newEmail = Member<EmailAddress>(
        "email",
        .string(length: 1...EmailAddress.longestInBytes, format: "idn-email"),
        convert: UserBody.parsed(EmailAddress.init(_:))
    ).documented("The address that is to take the place of the present one.", example: "grace.hopper@example.com")

    /// POST for a lost password.
    static let reset = ObjectSchema("PasswordResetRequest", [.required(email)])

    /// POST for another address.
    static let change = ObjectSchema("EmailChangeRequest", [.required(newEmail)])

    static let resetToken = token(example: "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE")
    static let verificationToken = token(example: "gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE")
    static let changeToken = token(example: "gh_c_Y2hhbmdlIHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE")

    /// POST of the token for a lost password.
    static let passwordReset = ObjectSchema("PasswordReset", [.required(resetToken), .required(UserBody.password)])

    /// POST of the token for the present address.
    static let verification = ObjectSchema("EmailVerification", [.required(verificationToken)])

    /// POST of a token for another address.
    static let emailChange = ObjectSchema("EmailChange", [.required(changeToken)])

    /// Not checked here: whatever is wrong with it is told as one thing.
    private static func token(example: JSONValue) -> Member<String> {
        Member<String>(string: "token", .string(length: 1...256)).documented(
            "As it stands in the mail.",
            example: example
        )
    }
}
