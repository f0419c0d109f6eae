internal import Domain
internal import HTTPPipeline
internal import Services

// What the members of bodies make together, for all interfaces alike.

extension Registration {
    /// Of the members of ``UserBody/registration``.
    init(_ members: MemberValues) throws {
        self.init(
            email: try members.value(of: UserBody.email),
            name: try members.value(of: UserBody.name),
            password: try members.value(of: UserBody.password)
        )
    }
}

extension NewUser {
    /// Of the members of ``UserBody/creation``, or of one user of ``UserBody/batch``.
    init(_ members: MemberValues) throws {
        self.init(
            email: try members.value(of: UserBody.email),
            name: try members.value(of: UserBody.name),
            password: members[UserBody.password],
            role: members[UserBody.role] ?? .member,
            status: members[UserBody.status] ?? .active
        )
    }
}

extension UserChanges {
    /// Of the members of ``UserBody/changes``.
    init(_ members: MemberValues) {
        self.init(
            email: members[UserBody.email],
            name: members[UserBody.name],
            password: members[UserBody.password],
            role: members[UserBody.role],
            status: members[UserBody.status]
        )
    }
}

extension NewAPIKey {
    /// Of the members of ``APIKeyBody/creation``.
    init(_ members: MemberValues) throws {
        self.init(
            name: try members.value(of: APIKeyBody.name),
            access: members[APIKeyBody.access] ?? .read,
            expiresAt: members[APIKeyBody.expiresAt]
        )
    }
}
