/// Why a value was refused.
///
/// Initialisers of values throw it; whoever knows the name of the field makes
/// a `FieldError` of it.
package enum InvalidValue: Error, Hashable, CaseIterable, Sendable {
    /// The text is no e-mail address.
    case email
    /// The e-mail address has too many bytes.
    case emailTooLong
    /// The name is empty or has too many characters.
    case nameLength
    /// The name of an API key is empty or has too many characters.
    case keyNameLength
    /// The name contains U+0000.
    case nameContainsNull
    /// The password has too few characters.
    case passwordTooShort
    /// The password has too many bytes.
    case passwordTooLong
    /// The password is among those that are guessed first.
    case passwordTooCommon
    /// The number of the page is not positive.
    case pageNumber
    /// The page has no rows or too many.
    case pageSize
    /// The page lies too deep in the list.
    case pageTooDeep
    /// No index serves the criteria in this order.
    case unservedList
    /// The text is no address that events can be sent to.
    case webhookURL
    /// Nothing may be sent to the address.
    case webhookTarget

    /// What the client is told, to be read after the name of the field.
    package var message: String {
        switch self {
        case .email: "must be a valid email"
        case .emailTooLong: "must have at most \(EmailAddress.longestInBytes) bytes"
        case .nameLength: "must have 1 to \(PersonName.longest) characters"
        case .keyNameLength: "must have 1 to \(APIKeyName.longest) characters"
        case .nameContainsNull: "must not contain U+0000"
        case .passwordTooShort: "must have at least \(Password.shortest) characters"
        case .passwordTooLong: "must have at most \(Password.longestInBytes) bytes"
        case .passwordTooCommon: "is too common"
        case .pageNumber: "must be at least 1"
        case .pageSize: "must be between 1 and \(PageRequest.largestSize)"
        case .pageTooDeep: "must not begin after row \(PageRequest.deepestOffset); use a cursor instead"
        case .webhookURL: "must be an address that begins with https://, without user and fragment"
        case .webhookTarget:
            "must lead to the public internet by https, or to a network that webhooks.private_networks names"
        case .unservedList:
            "must be combined in one of these ways: role, status, created_after and created_before with sort by "
                + "created_at; email alone; email_prefix alone with sort by email; name_prefix alone with sort by name"
        }
    }
}
