internal import Domain

extension CommonPasswords {
    /// Throws `validation` that names the field if somebody chooses, for this user, a password that is guessed first.
    func refuse(
        _ password: Password?,
        in field: String = "password",
        of email: EmailAddress,
        named name: PersonName
    ) throws {
        guard let password, contains(password, of: email, named: name) else { return }
        throw DomainError.validation([FieldError(field: field, message: InvalidValue.passwordTooCommon.message)])
    }
}
