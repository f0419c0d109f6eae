package import Domain

/// What can be done with users.
///
/// Who calls is an argument of each method, and each method decides itself
/// whether the caller may. Passwords are hashed before a transaction begins.
/// Beside what they name, all methods throw `DomainError.unavailable` when the
/// store or the hasher is too busy, and faults. Blocking; for one thread at a
/// time, as what it is made of.
package struct UserService {
    private let unitOfWork: any UnitOfWork
    private let passwords: any PasswordHashing
    private let clock: any Clock
    private let random: any RandomSource
    private let registrationIsOpen: Bool

    /// Puts the service together; `registrationIsOpen` lets anyone make an account.
    package init(
        unitOfWork: any UnitOfWork,
        passwords: any PasswordHashing,
        clock: any Clock,
        random: any RandomSource,
        registrationIsOpen: Bool
    ) {
        self.unitOfWork = unitOfWork
        self.passwords = passwords
        self.clock = clock
        self.random = random
        self.registrationIsOpen = registrationIsOpen
    }

    /// Makes an account for whoever asks, as an active member.
    ///
    /// Throws `conflict("email")`; where registration is closed,
    /// `unauthenticated` to the unknown and `forbidden` to members.
    package func register(_ registration: Registration, by caller: Principal?) throws -> User {
        if !registrationIsOpen {
            guard let caller else { throw DomainError.unauthenticated }
            guard caller.isAdministrator else { throw DomainError.forbidden }
        }
        return try store(
            NewUser(email: registration.email, name: registration.name, password: registration.password)
        )
    }

    /// Makes an account for somebody else.
    ///
    /// Throws `forbidden` unless an administrator calls, and
    /// `conflict("email")`.
    package func create(_ newUser: NewUser, by caller: Principal) throws -> User {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try store(newUser)
    }

    /// Makes an account at the command line, where whoever may open the store may do everything.
    ///
    /// Throws `conflict("email")`.
    package func createAtCommandLine(_ newUser: NewUser) throws -> User {
        try store(newUser)
    }

    /// One user.
    ///
    /// Throws `notFound` if there is none, or none that the caller may see.
    package func read(_ id: UserID, by caller: Principal) throws -> User {
        guard caller.reaches(id) else { throw DomainError.notFound }
        return try unitOfWork.read { transaction in
            try transaction.users.existing(id)
        }
    }

    /// The caller's own account, as it was when the request was authenticated; no query.
    package func profile(of caller: Principal) -> User {
        caller.user
    }

    /// One page of all users, and how many there are.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func page(
        _ request: PageRequest,
        sortedBy sort: UserSort = .newestFirst,
        by caller: Principal
    ) throws -> Page<User> {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { transaction in
            Page(
                items: try transaction.users.page(request, sortedBy: sort),
                total: try transaction.users.count()
            )
        }
    }

    /// Sets all the members of a user that a full update sets.
    ///
    /// `differences` compares the read-only members that the caller sent along
    /// with the stored user; it has no effect of its own. Throws `validation`
    /// with what it names, `notFound`, `conflict("email")`, and
    /// `preconditionFailed` if a version is expected and the stored one is
    /// another.
    package func replace(
        _ id: UserID,
        with replacement: UserReplacement,
        expecting version: Int64? = nil,
        by caller: Principal,
        differences: (User) -> [FieldError] = { _ in [] }
    ) throws -> User {
        let changes = UserChanges(email: replacement.email, name: replacement.name)
        return try update(id, with: changes, expecting: version, by: caller, differences: differences)
    }

    /// Sets some members of a user.
    ///
    /// Disabling the user or setting a password ends all sessions of the user.
    /// What changes nothing stores nothing, and the version stays. Throws
    /// `forbidden` if a member names fields that are an administrator's to set,
    /// `notFound`, `conflict("email")`, `lastAdministrator`, and
    /// `preconditionFailed` if a version is expected and the stored one is
    /// another.
    package func update(
        _ id: UserID,
        with changes: UserChanges,
        expecting version: Int64? = nil,
        by caller: Principal
    ) throws -> User {
        try update(id, with: changes, expecting: version, by: caller) { _ in [] }
    }

    private func update(
        _ id: UserID,
        with changes: UserChanges,
        expecting version: Int64?,
        by caller: Principal,
        differences: (User) -> [FieldError]
    ) throws -> User {
        let reserved = changes.administrativeFields
        guard caller.isAdministrator || reserved.isEmpty else {
            throw DomainError.forbidden(
                reserved.map { FieldError(field: $0, message: "may be set by an administrator only") }
            )
        }
        guard caller.reaches(id) else { throw DomainError.notFound }
        let now = clock.now()
        let passwordHash = try changes.password.map(passwords.hash)
        return try unitOfWork.perform { transaction in
            let stored = try transaction.users.existing(id, expecting: version)
            let faults = differences(stored)
            guard faults.isEmpty else { throw DomainError.validation(faults) }
            var user = stored
            user.email = changes.email ?? user.email
            user.name = changes.name ?? user.name
            user.role = changes.role ?? user.role
            user.status = changes.status ?? user.status
            guard user != stored || passwordHash != nil else { return stored }
            if stored.isActiveAdministrator, !user.isActiveAdministrator {
                try transaction.users.keepAnAdministrator(
                    against: (user.role == stored.role ? [] : ["role"])
                        + (user.status == stored.status ? [] : ["status"])
                )
            }
            user.updatedAt = now
            user = try transaction.users.update(user)
            if let passwordHash {
                try transaction.users.setPasswordHash(passwordHash, of: id)
            }
            if user.status == .disabled || passwordHash != nil {
                try transaction.sessions.deleteAll(of: id)
            }
            return user
        }
    }

    /// Deletes a user with all sessions.
    ///
    /// Throws `notFound`, `lastAdministrator`, and `preconditionFailed` if a
    /// version is expected and the stored one is another.
    package func delete(_ id: UserID, expecting version: Int64? = nil, by caller: Principal) throws {
        guard caller.reaches(id) else { throw DomainError.notFound }
        try unitOfWork.perform { transaction in
            let stored = try transaction.users.existing(id, expecting: version)
            if stored.isActiveAdministrator {
                try transaction.users.keepAnAdministrator(against: [])
            }
            guard try transaction.users.delete(id) else { throw DomainError.notFound }
        }
    }

    private func store(_ newUser: NewUser) throws -> User {
        let now = clock.now()
        let user = User(
            id: UserID(at: now, from: random),
            email: newUser.email,
            name: newUser.name,
            role: newUser.role,
            status: newUser.status,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        let passwordHash = try newUser.password.map(passwords.hash)
        try unitOfWork.perform { transaction in
            try transaction.users.insert(user, passwordHash: passwordHash)
        }
        return user
    }
}

extension UserRepository {
    /// The user with this id and, if one is expected, this version.
    ///
    /// Throws `notFound` or `preconditionFailed`.
    fileprivate func existing(_ id: UserID, expecting version: Int64? = nil) throws -> User {
        guard let user = try find(id) else { throw DomainError.notFound }
        guard version == nil || version == user.version else { throw DomainError.preconditionFailed }
        return user
    }

    /// Throws `lastAdministrator`, naming the fields to blame, if there is but one active administrator.
    fileprivate func keepAnAdministrator(against fields: [String]) throws {
        guard try countActiveAdministrators() > 1 else { throw DomainError.lastAdministrator(fields) }
    }
}
