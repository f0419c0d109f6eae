internal import HTTPPipeline
internal import OpenAPI
internal import Services

/// What the routes of what is confirmed by mail take and answer.
extension Contract {
    static let requestPasswordReset = Contract("requestPasswordReset", .mail, "Ask for a mail to set a lost password")
        .telling("The answer and its time are the same whether or not there is such an account.")
        .taking(body: .of(ConfirmationBody.reset))
        .answering(
            .accepted,
            "Where there is such an account, a mail is on its way.",
            .one(MailRequest.representation),
            .cacheControl
        )

    static let resetPassword = Contract("resetPassword", .mail, "Set a lost password by the token of a mail")
        .telling(
            "All sessions of the user end, API keys stay. A token is good once; earlier ones are worth nothing then."
        )
        .taking(body: .of(ConfirmationBody.passwordReset))
        .answering(.noContent, "It is set.")

    static let readVerification = Contract("readEmailVerification", .mail, "Read whether my address is verified")
        .answering(.ok, "The address.", .one(EmailVerification.representation), .cacheControl, .vary)

    static let requestVerification = Contract("requestEmailVerification", .mail, "Ask for a mail to verify my address")
        .telling("Nothing is sent where it is verified already.")
        .answering(.accepted, "A mail is on its way.", .one(MailRequest.representation), .cacheControl)

    static let verifyEmail = Contract("verifyEmail", .mail, "Verify an address by the token of a mail")
        .taking(body: .of(ConfirmationBody.verification))
        .answering(.noContent, "It is verified.")

    static let requestEmailChange = Contract("requestEmailChange", .mail, "Ask for mails to change my address")
        .telling(
            "One mail goes to the present address and one to the new one; the address changes when both are confirmed. An "
                + "earlier change that waits is given up. Whether the address is somebody else's is not told."
        )
        .taking(body: .of(ConfirmationBody.change))
        .answering(.accepted, "The mails are on their way.", .one(MailRequest.representation), .cacheControl)

    static let confirmEmailChange = Contract("confirmEmailChange", .mail, "Confirm a change of address by a token")
        .taking(body: .of(ConfirmationBody.emailChange))
        .answering(
            .ok,
            "How far the change has come.",
            .one(ConfirmationService.ChangeProgress.representation),
            .cacheControl
        )
        .refusing(
            .conflict,
            "Another resource already has this email.",
            "Somebody else has taken the address meanwhile: `CONFLICT`."
        )
}
