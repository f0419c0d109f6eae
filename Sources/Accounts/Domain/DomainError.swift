/// A refusal that the client may read about.
///
/// Anything else that is thrown is a fault, and only the log tells of it.
package struct DomainError: Error, Hashable, Sendable {
    /// The kind of a refusal; the API gives each one status.
    package enum Code: Hashable, CaseIterable, Sendable {
        /// A value of the request breaks a rule.
        case validation
        /// It is not known who calls.
        case unauthenticated
        /// The address or the password is wrong; which, is not told.
        case invalidCredentials
        /// The session was a good one and has ended by itself.
        case sessionExpired
        /// The password is right, but the user may not sign in.
        case accountDisabled
        /// The caller's role never has this kind of action.
        case forbidden
        /// There is no such resource, or none that is the caller's to see.
        case notFound
        /// What is stored stands against the change.
        case conflict
        /// The resource has another version than the caller expects.
        case preconditionFailed
        /// The client's name for the change was given to another one.
        case nameReused
        /// The change is being made at this moment.
        case inProgress
        /// It cannot be done now, but perhaps in a moment.
        case unavailable
        /// More is asked for than can be done now.
        case overloaded
    }

    /// The kind of the refusal.
    package let code: Code

    /// One sentence that the client may read.
    package let message: String

    /// What is wrong with which field; all faulty fields at once.
    package let details: [FieldError]

    /// What the log tells and the client does not.
    package let reason: String?

    private init(_ code: Code, _ message: String, details: [FieldError] = [], reason: String? = nil) {
        self.code = code
        self.message = message
        self.details = details
        self.reason = reason
    }
}

extension DomainError {
    /// Refuses values; `details` names every field that breaks a rule.
    package static func validation(_ details: [FieldError]) -> DomainError {
        DomainError(.validation, "Invalid input", details: details)
    }

    /// The token of a mail is none that is good now; why, is not told.
    package static let invalidConfirmation = validation([
        FieldError(field: "token", message: "is not valid, was used already or has expired")
    ])

    /// Where mail is sent, nobody takes an address without a mail to it.
    package static let emailNeedsConfirmation = forbidden([
        FieldError(field: "email", message: "is changed by POST /api/v1/email-changes, and by mails to both addresses")
    ])

    /// Nobody has signed in, or the token is none of ours.
    package static let unauthenticated = DomainError(.unauthenticated, "Authentication is required.")

    /// The one answer to every failed sign-in.
    package static let invalidCredentials = DomainError(.invalidCredentials, "The email or the password is wrong.")

    /// The password that the caller gives for the present one is another.
    package static let wrongPassword = DomainError(
        .invalidCredentials,
        "The current password is wrong.",
        details: [FieldError(field: "current", message: "is wrong")]
    )

    /// The API key has ended by itself: no other sign-in helps, but another key.
    package static let keyExpired = DomainError(.unauthenticated, "The API key has expired.")

    /// The session has ended by itself.
    package static let sessionExpired = DomainError(.sessionExpired, "The session has ended. Sign in again.")

    /// The user may not sign in; said only after the right password.
    package static let accountDisabled = DomainError(.accountDisabled, "This account is disabled.")

    /// The caller's role never has this kind of action.
    package static let forbidden = forbidden([])

    /// The caller's role may never set the fields named.
    package static func forbidden(_ details: [FieldError]) -> DomainError {
        DomainError(.forbidden, "You are not allowed to do this.", details: details)
    }

    /// Only a session proves enough: keys make no keys, sessions or passwords.
    package static let sessionRequired = DomainError(
        .forbidden,
        "This needs a session: it cannot be done with an API key."
    )

    /// The key is for reading only.
    package static let readOnlyKey = DomainError(.forbidden, "This API key may only read.")

    /// There is no such resource, or none that is the caller's to see.
    package static let notFound = DomainError(.notFound, "There is no such resource.")

    /// Another resource already has this value of a field that must be unique.
    package static func conflict(_ field: String) -> DomainError {
        DomainError(
            .conflict,
            "Another resource already has this \(field).",
            details: [FieldError(field: field, message: "is already in use")]
        )
    }

    /// The user has as many API keys as anybody may have.
    package static let tooManyKeys = DomainError(
        .conflict,
        "Nobody has more than \(APIKey.mostPerUser) API keys. Delete one first."
    )

    /// There are as many webhooks as there may be.
    package static let tooManyWebhooks = DomainError(
        .conflict,
        "There are no more than \(Webhook.most) webhooks. Delete one first."
    )

    /// Other resources already have these values of fields that must be unique.
    package static func conflicts(_ fields: [String]) -> DomainError {
        DomainError(
            .conflict,
            "Other resources already have some of these values.",
            details: fields.map { FieldError(field: $0, message: "is already in use") }
        )
    }

    /// The change would leave nobody to administer; `fields` are those that would bring it about, none for a deletion.
    package static func lastAdministrator(_ fields: [String]) -> DomainError {
        DomainError(
            .conflict,
            "The last active administrator cannot be deleted, disabled or demoted.",
            details: fields.map { FieldError(field: $0, message: "must stay as it is") }
        )
    }

    /// The resource has been changed since the caller read it.
    package static let preconditionFailed = DomainError(
        .preconditionFailed,
        "The resource has been changed since it was read."
    )

    /// The client's name for the change was given to another one.
    package static let nameReused = DomainError(
        .nameReused,
        "This Idempotency-Key was sent with another request. Use a new one for each change."
    )

    /// The change is being made at this moment.
    package static let inProgress = DomainError(
        .inProgress,
        "A request with this Idempotency-Key is being answered. Try again in a moment."
    )

    /// More is asked for than can be done now; `reason` is for the log.
    package static func overloaded(_ reason: String) -> DomainError {
        DomainError(.overloaded, "The service is busy. Try again in a moment.", reason: reason)
    }

    /// It cannot be done now; `reason` is for the log.
    package static func unavailable(_ reason: String) -> DomainError {
        DomainError(.unavailable, "The service is busy. Try again in a moment.", reason: reason)
    }
}
