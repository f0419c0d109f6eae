package import Domain

/// What can be done with users.
///
/// Who calls is an argument of each method, and each method decides itself
/// whether the caller may: `readOnlyKey` to a key for reading that would change
/// something, `sessionRequired` to any key that would set a password. Passwords
/// are hashed before a transaction begins.
/// What changes something is made once, and answered as `answering` says; by
/// itself it gives what was made.
/// Beside what they name, all methods throw `DomainError.unavailable` when the
/// store or the hasher is too busy, and faults. Blocking; for one thread at a
/// time, as what it is made of.
package struct UserService {
    private let unitOfWork: any UnitOfWork
    private let passwords: any PasswordHashing
    private let commonPasswords: CommonPasswords
    private let clock: any Clock
    private let random: any RandomSource
    private let registrationIsOpen: Bool
    private let confirmsAddresses: Bool

    /// Puts the service together.
    ///
    /// `registrationIsOpen` lets anyone make an account. With `confirmsAddresses` nobody but an administrator changes an
    /// address here: it is done by mail.
    package init(
        unitOfWork: any UnitOfWork,
        passwords: any PasswordHashing,
        commonPasswords: CommonPasswords,
        clock: any Clock,
        random: any RandomSource,
        registrationIsOpen: Bool,
        confirmsAddresses: Bool = false
    ) {
        self.unitOfWork = unitOfWork
        self.passwords = passwords
        self.commonPasswords = commonPasswords
        self.clock = clock
        self.random = random
        self.registrationIsOpen = registrationIsOpen
        self.confirmsAddresses = confirmsAddresses
    }

    /// Makes an account for whoever asks, as an active member.
    ///
    /// Throws `conflict("email")`; where registration is closed,
    /// `unauthenticated` to the unknown and `forbidden` to members.
    package func register<Answer>(
        _ registration: Registration,
        by caller: Principal?,
        answering: Answering<User, Answer> = Answering<User, User>.plain
    ) throws -> Answer {
        try caller?.checkMayChange(settingPassword: true)
        if !registrationIsOpen {
            guard let caller else { throw DomainError.unauthenticated }
            guard caller.isAdministrator else { throw DomainError.forbidden }
        }
        return try store(
            NewUser(email: registration.email, name: registration.name, password: registration.password),
            by: caller?.actor ?? .anyone,
            answering
        )
    }

    /// Makes an account for somebody else.
    ///
    /// Throws `forbidden` unless an administrator calls, and
    /// `conflict("email")`.
    package func create<Answer>(
        _ newUser: NewUser,
        by caller: some Caller,
        answering: Answering<User, Answer> = Answering<User, User>.plain
    ) throws -> Answer {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        try caller.checkMayChange(settingPassword: newUser.password != nil)
        return try store(newUser, by: caller.actor, answering)
    }

    /// Makes accounts for others, all of them or none.
    ///
    /// Errors name fields as `users.3.email`, where 3 is the place in the list. Throws `forbidden` unless an
    /// administrator calls; `validation` where two have the same address, or one a password, which would take its time
    /// to hash; `conflicts` with all addresses that are taken.
    package func createAll<Answer>(
        _ newUsers: [NewUser],
        by caller: some Caller,
        answering: Answering<[User], Answer> = Answering<[User], [User]>.plain
    ) throws -> Answer {
        let now = clock.now()
        let users = try made(newUsers, at: now, by: caller)
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            let taken = try transaction.users.insertAll(users)
            guard taken.isEmpty else { throw DomainError.conflicts(taken.map { "users.\($0).email" }) }
            try transaction.events.append(occasion.events(users.map(Happening.userCreated)))
            return users
        }
    }

    /// Makes those of the accounts whose addresses are free, in one transaction, and gives them back.
    ///
    /// Throws as ``createAll(_:by:)`` does, but for `conflicts`.
    package func createMissing(_ newUsers: [NewUser], by caller: some Caller) throws -> [User] {
        let now = clock.now()
        let users = try made(newUsers, at: now, by: caller)
        let occasion = Occasion(at: now, by: caller.actor, from: .machine, random)
        return try unitOfWork.perform { transaction in
            let taken = Set(try transaction.users.insertAll(users))
            let stored = users.indices.filter { !taken.contains($0) }.map { users[$0] }
            try transaction.events.append(occasion.events(stored.map(Happening.userCreated)))
            return stored
        }
    }

    /// How many users there are, and how many accounts were made on each of the last days.
    ///
    /// Throws `forbidden` unless an administrator calls. Where nothing is remembered it reads along whole indexes: some
    /// milliseconds for 100,000 users. A change between its two parts may be in one of them only.
    package func statistics(by caller: some Caller) throws -> UserStatistics {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        let today = clock.now().startOfDay
        let first = today.adding(seconds: -86_400 * Int64(UserStatistics.dayCount - 1))
        return try unitOfWork.lookUp { transaction in
            UserStatistics(
                groups: try transaction.users.countGroups(),
                created: try transaction.users.countCreated(from: first, days: UserStatistics.dayCount)
            )
        }
    }

    /// One user.
    ///
    /// Throws `notFound` if there is none, or none that the caller may see.
    package func read(_ id: UserID, by caller: some Caller) throws -> User {
        guard caller.reaches(id) else { throw DomainError.notFound }
        return try unitOfWork.lookUp { transaction in
            try transaction.users.existing(id)
        }
    }

    /// Those of these users that there are and that the caller may see.
    ///
    /// One query, however many ids there are; none for ids that the caller never reaches.
    package func find(_ ids: [UserID], by caller: some Caller) throws -> [User] {
        let reached = ids.filter(caller.reaches)
        guard !reached.isEmpty else { return [] }
        return try unitOfWork.read { try $0.users.find(reached) }
    }

    /// The caller's own account, as it was when the request was authenticated; no query.
    package func profile(of caller: Principal) -> User {
        caller.user
    }

    /// The version of one user, to hold against what the caller has read.
    ///
    /// Throws `notFound` as ``read(_:by:)`` does.
    package func version(of id: UserID, by caller: some Caller) throws -> Int64 {
        guard caller.reaches(id) else { throw DomainError.notFound }
        return try unitOfWork.lookUp { transaction in
            guard let version = try transaction.users.version(of: id) else { throw DomainError.notFound }
            return version
        }
    }

    /// One page of a list, and, unless that is not wanted, how many users the list has a moment later.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func page(
        _ request: PageRequest,
        of list: UserList = .newestFirst,
        counting: Bool = true,
        by caller: some Caller
    ) throws -> Page<User> {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        let slice = UserSlice(request, of: list)
        let rows = try unitOfWork.read { try $0.users.users(in: slice) }
        return Page(
            items: Array(rows.prefix(request.size)),
            total: counting ? try count(list, by: caller) : nil,
            hasNext: rows.count > request.size
        )
    }

    /// How many users a list has.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func count(_ list: UserList, by caller: some Caller) throws -> Int {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.lookUp { try $0.users.count(list) }
    }

    /// The users that a step of a walk through a list meets.
    ///
    /// Throws `forbidden` unless an administrator calls.
    package func walk(_ request: WalkRequest, of list: UserList, by caller: some Caller) throws -> UserStretch {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        let rows = try unitOfWork.read { transaction in
            try transaction.users.users(in: UserSlice(request, of: list))
        }
        return UserStretch(rows, for: request, of: list)
    }

    /// Walks through a whole list, a stretch of `PageRequest.largestSize` rows at a time, until `visit` gives false.
    ///
    /// Each stretch is read by itself, so that no snapshot is held while `visit` works. Throws `forbidden` unless an
    /// administrator calls, and what `visit` throws.
    package func walkAll(_ list: UserList, by caller: some Caller, visit: ([User]) throws -> Bool) throws {
        var step: WalkRequest.Step? = .begin
        while let next = step {
            let stretch = try walk(WalkRequest(next, size: PageRequest.largestSize), of: list, by: caller)
            guard try visit(stretch.items) else { return }
            step = stretch.next
        }
    }

    /// The user with this address.
    ///
    /// Throws `forbidden` unless an administrator calls, and `notFound`.
    package func find(_ email: EmailAddress, by caller: some Caller) throws -> User {
        let list = try UserList(UserCriteria(email: email), sortedBy: .newestFirst)
        let page = try page(PageRequest(number: 1, size: 1), of: list, counting: false, by: caller)
        guard let user = page.items.first else { throw DomainError.notFound }
        return user
    }

    /// Sets all the members of a user that a full update sets.
    ///
    /// `differences` compares the read-only members that the caller sent along
    /// with the stored user; it has no effect of its own. Throws `validation`
    /// with what it names, `notFound`, `conflict("email")`, and
    /// `preconditionFailed` if a version is expected and the stored one is
    /// another.
    package func replace<Answer>(
        _ id: UserID,
        with replacement: UserReplacement,
        expecting version: Int64? = nil,
        by caller: some Caller,
        answering: Answering<User, Answer> = Answering<User, User>.plain,
        differences: (User) -> [FieldError] = { _ in [] }
    ) throws -> Answer {
        let changes = UserChanges(email: replacement.email, name: replacement.name)
        return try update(id, with: changes, expecting: version, by: caller, answering, differences: differences)
    }

    /// Sets some members of a user.
    ///
    /// Disabling the user or setting a password ends all sessions of the user;
    /// disabling ends the API keys too.
    /// What changes nothing stores nothing, and the version stays. Throws
    /// `forbidden` if a member names fields that are an administrator's to set,
    /// `notFound`, `conflict("email")`, `lastAdministrator`, and
    /// `preconditionFailed` if a version is expected and the stored one is
    /// another.
    package func update<Answer>(
        _ id: UserID,
        with changes: UserChanges,
        expecting version: Int64? = nil,
        by caller: some Caller,
        answering: Answering<User, Answer> = Answering<User, User>.plain
    ) throws -> Answer {
        try update(id, with: changes, expecting: version, by: caller, answering) { _ in [] }
    }

    private func update<Answer>(
        _ id: UserID,
        with changes: UserChanges,
        expecting version: Int64?,
        by caller: some Caller,
        _ answering: Answering<User, Answer>,
        differences: (User) -> [FieldError]
    ) throws -> Answer {
        let reserved = changes.administrativeFields
        guard caller.isAdministrator || reserved.isEmpty else {
            throw DomainError.forbidden(
                reserved.map { FieldError(field: $0, message: "may be set by an administrator only") }
            )
        }
        guard caller.reaches(id) else { throw DomainError.notFound }
        try caller.checkMayChange(settingPassword: changes.password != nil)
        let now = clock.now()
        let passwordHash = try changes.password.map(passwords.hash)
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            let stored = try transaction.users.existing(id, expecting: version)
            let faults = differences(stored)
            guard faults.isEmpty else { throw DomainError.validation(faults) }
            if confirmsAddresses, !caller.isAdministrator, let email = changes.email,
                email.folded != stored.email.folded
            {
                throw DomainError.emailNeedsConfirmation
            }
            var user = stored
            user.email = changes.email ?? user.email
            user.name = changes.name ?? user.name
            user.role = changes.role ?? user.role
            user.status = changes.status ?? user.status
            try commonPasswords.refuse(changes.password, of: user.email, named: user.name)
            guard user != stored || passwordHash != nil else { return stored }
            if stored.isActiveAdministrator, !user.isActiveAdministrator {
                try transaction.users.keepAnAdministrator(
                    otherThan: id,
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
            if user.status == .disabled {
                try transaction.keys.deleteAll(of: id)
            }
            let happenings = Happening.ofUpdate(from: stored, to: user, settingPassword: passwordHash != nil)
            try transaction.events.append(occasion.events(happenings))
            return user
        }
    }

    /// Deletes a user with all sessions and API keys.
    ///
    /// Throws `notFound`, `lastAdministrator`, and `preconditionFailed` if a
    /// version is expected and the stored one is another.
    package func delete<Answer>(
        _ id: UserID,
        expecting version: Int64? = nil,
        by caller: some Caller,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard caller.reaches(id) else { throw DomainError.notFound }
        try caller.checkMayChange()
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            let stored = try transaction.users.existing(id, expecting: version)
            if stored.isActiveAdministrator {
                try transaction.users.keepAnAdministrator(otherThan: id, against: [])
            }
            guard try transaction.users.delete(id) else { throw DomainError.notFound }
            try transaction.events.append(occasion.events([.userDeleted(id)]))
        }
    }

    /// The users to be stored together, after all that can be refused without a look at the store.
    private func made(_ newUsers: [NewUser], at now: Timestamp, by caller: some Caller) throws -> [User] {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        try caller.checkMayChange(settingPassword: false)
        let passwords = newUsers.indices.filter { newUsers[$0].password != nil }
        let faults =
            passwords.map { FieldError(field: "users.\($0).password", message: "is not known here") }
            + EmailAddress.repetitions(in: newUsers.map(\.email)).map { place, first in
                FieldError(field: "users.\(place).email", message: "is the same as users.\(first).email")
            }
        guard faults.isEmpty else { throw DomainError.validation(faults) }
        return newUsers.map { made($0, at: now) }
    }

    private func store<Answer>(
        _ newUser: NewUser,
        by actor: Actor,
        _ answering: Answering<User, Answer>
    ) throws -> Answer {
        let now = clock.now()
        let user = made(newUser, at: now)
        try commonPasswords.refuse(newUser.password, of: user.email, named: user.name)
        let passwordHash = try newUser.password.map(passwords.hash)
        let occasion = Occasion(at: now, by: actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            try transaction.users.insert(user, passwordHash: passwordHash)
            try transaction.events.append(occasion.events([.userCreated(user)]))
            return user
        }
    }

    private func made(_ newUser: NewUser, at instant: Timestamp) -> User {
        User(
            id: UserID(at: instant, from: random),
            email: newUser.email,
            name: newUser.name,
            role: newUser.role,
            status: newUser.status,
            createdAt: instant,
            updatedAt: instant,
            version: 1
        )
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

    /// Throws `lastAdministrator`, naming the fields to blame, if no other administrator can sign in.
    fileprivate func keepAnAdministrator(otherThan id: UserID, against fields: [String]) throws {
        guard try countAdministrators(otherThan: id) > 0 else { throw DomainError.lastAdministrator(fields) }
    }
}
