internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of what is confirmed by mail.
struct ConfirmationHandlers {
    let confirmations: ConfirmationService
    /// What limits requests for mails; nil where nothing does.
    let limits: RequestLimits?

    /// Has a mail sent for a lost password; the same answer whether or not there is such an account.
    func requestPasswordReset(_ call: Call) throws -> Response {
        let email = try call.body.value(of: ConfirmationBody.email)
        try limits?.passMail(call.request, to: email)
        return try confirmations.requestPasswordReset(of: email, answering: accepted(call))
    }

    /// Sets the password.
    func resetPassword(_ call: Call) throws -> Response {
        try confirmations.resetPassword(
            by: try call.body.value(of: ConfirmationBody.resetToken),
            to: try call.body.value(of: UserBody.password),
            answering: call.answering { Response(.noContent) }
        )
    }

    /// Whether the caller's address is known to be the caller's.
    func verification(_ call: Call, by caller: Principal) throws -> Response {
        let state = EmailVerification(email: caller.user.email, verifiedAt: try confirmations.verifiedAt(of: caller))
        var response = Response.data(state, as: EmailVerification.representation)
        response.add("Cache-Control", "private, no-cache")
        response.add("Vary", "Authorization, Cookie, Accept")
        return response
    }

    /// Has a mail sent to the caller's address.
    func requestVerification(_ call: Call, by caller: Principal) throws -> Response {
        try limits?.passMail(call.request, to: caller.user.email)
        return try confirmations.requestVerification(by: caller, answering: accepted(call))
    }

    /// Notes that the address is its user's.
    func verify(_ call: Call) throws -> Response {
        try confirmations.verify(
            by: try call.body.value(of: ConfirmationBody.verificationToken),
            answering: call.answering { Response(.noContent) }
        )
    }

    /// Has mails sent to both addresses.
    func requestChange(_ call: Call, by caller: Principal) throws -> Response {
        let email = try call.body.value(of: ConfirmationBody.newEmail)
        try limits?.passMail(call.request, to: email)
        return try confirmations.requestChange(
            to: email,
            by: caller,
            answering: accepted(call)
        )
    }

    /// Confirms one half of a change of address.
    func confirmChange(_ call: Call) throws -> Response {
        try confirmations.confirmChange(
            by: try call.body.value(of: ConfirmationBody.changeToken),
            answering: call.answering { progress in
                var response = Response.data(progress, as: ConfirmationService.ChangeProgress.representation)
                response.add("Cache-Control", "no-store")
                return response
            }
        )
    }

    /// The same whatever was asked for.
    private func accepted(_ call: Call) -> Answering<Void, Response> {
        let life = confirmations.life
        return call.answering {
            let request = MailRequest(life: life)
            var response = Response.data(request, as: MailRequest.representation, status: .accepted)
            response.add("Cache-Control", "no-store")
            return response
        }
    }
}

/// What is told of a mail that may be on its way.
struct MailRequest {
    let life: Int64

    static let representation = Representation<MailRequest>(
        "MailRequest",
        [
            .count("expires_in", "For so many seconds the token in the mail is good.", example: 1800) {
                Int(clamping: $0.life)
            }
        ]
    )
}

/// What the API tells of an address.
struct EmailVerification {
    let email: EmailAddress
    let verifiedAt: Timestamp?

    static let representation = Representation<EmailVerification>(
        "EmailVerificationState",
        [
            .string(UserBody.email) { $0.email.text },
            .timestamp(
                nullable: "verified_at",
                "Since when it is known that the address is the caller's; null where it is not.",
                example: Example.instant
            ) { $0.verifiedAt?.microseconds },
        ]
    )
}

extension ConfirmationService.ChangeProgress {
    static let representation = Representation<ConfirmationService.ChangeProgress>(
        "EmailChangeProgress",
        [
            .string(
                "status",
                .choice(allCases.map(\.rawValue)),
                "`waiting` for the confirmation of the other address, or `changed`.",
                example: "waiting"
            ) { $0.rawValue }
        ]
    )
}
