import Domain
import Testing

struct DomainErrorTests {
    @Test func `a conflict names the field`() {
        let error = DomainError.conflict("email")
        #expect(error.code == .conflict)
        #expect(error.message == "Another resource already has this email.")
        #expect(error.details == [FieldError(field: "email", message: "is already in use")])
    }

    @Test func `the last administrator is a conflict, with the fields to blame if there are any`() {
        #expect(DomainError.lastAdministrator([]).code == .conflict)
        #expect(DomainError.lastAdministrator([]).details.isEmpty)
        #expect(DomainError.lastAdministrator(["role", "status"]).details.map(\.field) == ["role", "status"])
    }

    @Test func `the reason of an unavailability is not in what the client reads`() {
        let error = DomainError.unavailable("17 hashes wait")
        #expect(error.code == .unavailable)
        #expect(error.reason == "17 hashes wait")
        #expect(!error.message.contains("17"))
        #expect(error.details.isEmpty)
    }

    @Test func `every reason to refuse a value has a sentence of its own`() {
        let messages = Set(InvalidValue.allCases.map(\.message))
        #expect(messages.count == InvalidValue.allCases.count)
        #expect(messages.allSatisfy { $0.hasPrefix("must ") || $0.hasPrefix("is ") })
        #expect(InvalidValue.email.message == "must be a valid email")
        #expect(InvalidValue.nameLength.message == "must have 1 to 200 characters")
    }

    @Test func `roles and states are called as in the API`() {
        #expect(Role.allCases.map(\.rawValue) == ["member", "admin"])
        #expect(UserStatus.allCases.map(\.rawValue) == ["active", "disabled"])
    }
}
