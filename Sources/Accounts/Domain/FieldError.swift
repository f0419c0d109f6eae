/// What is wrong with one field of a request.
package struct FieldError: Hashable, Sendable {
    /// The path of the field, such as `email` or `items.3.name`.
    package let field: String

    /// What is wrong, to be read after the name of the field.
    package let message: String

    /// Names a field and what is wrong with it.
    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}
