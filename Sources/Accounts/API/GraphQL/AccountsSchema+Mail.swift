internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

extension AccountsSchema {
    /// Adds what can be read of what is done by mail.
    static func addMailQueries(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.objects(
            "emailVerification",
            "EmailVerificationState",
            description: "Whether the caller's address is known to be the caller's.",
            cost: .read
        ) { _, _, context in
            let caller = try context.signedIn()
            let verifiedAt = try context.confirmations().verifiedAt(of: caller)
            return [.value(EmailVerification(email: caller.user.email, verifiedAt: verifiedAt))]
        }
    }

    /// Adds what is asked for and confirmed by mail.
    static func addMailChanges(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        addRequests(to: &type)
        addConfirmations(to: &type)
    }

    private static func addRequests(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "requestPasswordReset",
            "MailRequestPayload",
            description:
                "Has a mail sent to set a lost password; the answer and its time are the same whether or not there "
                + "is such an account.",
            taking: ConfirmationBody.reset
        ) { members, _, context in
            let email = try members.value(of: ConfirmationBody.email)
            return try context.requestMail(to: email) { try $0.requestPasswordReset(of: email, answering: $1) }
        }
        type.change(
            "requestEmailVerification",
            "MailRequestPayload",
            description: "Has a mail sent to verify the caller's address; none where it is verified already."
        ) { _, context in
            let caller = try context.signedIn()
            return try context.requestMail(to: caller.user.email) {
                try $0.requestVerification(by: caller, answering: $1)
            }
        }
        type.change(
            "requestEmailChange",
            "MailRequestPayload",
            description:
                "Has mails sent to the caller's address and to the new one, which takes its place when both are "
                + "confirmed. An earlier change that waits is given up.",
            taking: ConfirmationBody.change
        ) { members, _, context in
            let (email, caller) = (try members.value(of: ConfirmationBody.newEmail), try context.signedIn())
            // Before a mail is counted.
            guard caller.sessionID != nil else { throw DomainError.sessionRequired }
            return try context.requestMail(to: email) {
                try $0.requestChange(to: email, by: caller, answering: $1)
            }
        }
    }

    private static func addConfirmations(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "resetPassword",
            "ConfirmationPayload",
            description: "Sets a lost password by the token of a mail; all sessions of the user end, API keys stay.",
            taking: ConfirmationBody.passwordReset
        ) { members, _, context in
            let token = try members.value(of: ConfirmationBody.resetToken)
            let password = try members.value(of: UserBody.password)
            return try context.confirm({ Confirmed() }) {
                try $0.resetPassword(by: token, to: password, answering: $1)
            }
        }
        type.change(
            "verifyEmail",
            "ConfirmationPayload",
            description: "Verifies an address by the token of a mail.",
            taking: ConfirmationBody.verification
        ) { members, _, context in
            let token = try members.value(of: ConfirmationBody.verificationToken)
            return try context.confirm({ Confirmed() }) { try $0.verify(by: token, answering: $1) }
        }
        type.change(
            "confirmEmailChange",
            "EmailChangePayload",
            description: "Confirms one half of a change of address by the token of a mail; the second one changes it.",
            taking: ConfirmationBody.emailChange
        ) { members, _, context in
            let token = try members.value(of: ConfirmationBody.changeToken)
            return try context.confirm({ (progress: ConfirmationService.ChangeProgress) in progress }) {
                try $0.confirmChange(by: token, answering: $1)
            }
        }
    }

    /// Adds what these take and give.
    static func addMail(to builder: inout SchemaBuilder<GraphQLContext>) {
        let bodies = [
            ConfirmationBody.reset, ConfirmationBody.change, ConfirmationBody.passwordReset,
            ConfirmationBody.verification, ConfirmationBody.emailChange,
        ]
        for body in bodies { builder.input(body) }
        builder.object(
            "EmailVerificationState",
            of: EmailVerification.self,
            description: "What is known of an address."
        ) {
            $0.attributes(of: EmailVerification.representation)
        }
        builder.object("MailRequestPayload", of: MailRequest.self, description: "A mail that may be on its way.") {
            $0.attributes(of: MailRequest.representation)
        }
        builder.object("ConfirmationPayload", of: Confirmed.self, description: "Something that was confirmed.") {
            type in
            type.value("confirmed", "Boolean!", description: "Always true; what is not confirmed is an error.") { _ in
                true
            }
        }
        builder.object(
            "EmailChangePayload",
            of: ConfirmationService.ChangeProgress.self,
            description: "How far a change of address has come."
        ) { $0.attributes(of: ConfirmationService.ChangeProgress.representation) }
    }
}

/// That a token was good, and is no more.
struct Confirmed: KeptResult {
    init() {}

    var kept: JSONValue { true }

    init?(kept: JSONValue) {
        guard kept == true else { return nil }
    }
}

extension MailRequest: KeptResult {
    var kept: JSONValue { .integer(life) }

    init?(kept: JSONValue) {
        guard case .integer(let life) = kept else { return nil }
        self.init(life: life)
    }
}

extension ConfirmationService.ChangeProgress: KeptResult {
    var kept: JSONValue { .string(rawValue) }

    init?(kept: JSONValue) {
        guard case .string(let text) = kept else { return nil }
        self.init(rawValue: text)
    }
}

extension GraphQLContext {
    /// What is done by mail.
    ///
    /// Throws `notFound` where no mail is sent, as there are no such routes then.
    fileprivate func confirmations() throws -> ConfirmationService {
        guard let confirmations = services.confirmations else { throw DomainError.notFound }
        return confirmations
    }

    /// Asks for a mail, which is counted whether or not the address is anybody's.
    fileprivate func requestMail(
        to email: EmailAddress,
        _ request: (ConfirmationService, Answering<Void, MailRequest>) throws -> MailRequest
    ) throws -> MailRequest {
        let confirmations = try confirmations()
        return try changes.make({ MailRequest(life: confirmations.life) }) {
            try services.limits?.passMailAddress(self.request)
            try services.limits?.passMail(self.request, to: email)
            return try request(confirmations, $0)
        }
    }

    /// Shows the token of a mail; tokens can be guessed, so that tries are counted.
    fileprivate func confirm<Outcome, Result: KeptResult>(
        _ render: @escaping (Outcome) -> Result,
        _ confirm: (ConfirmationService, Answering<Outcome, Result>) throws -> Result
    ) throws -> Result {
        let confirmations = try confirmations()
        return try changes.make(render) {
            try services.limits?.passMailAddress(self.request)
            return try confirm(confirmations, $0)
        }
    }
}
