package import Domain

/// What is done by mail: setting a password that was lost, showing that an address is one's own, changing it.
///
/// Who asks for a mail gets the same answer, by the same work, whether or not there is such an account: nothing is looked
/// up. What was asked for is stored with an event, and the mail is sent of it afterwards (``LetterService``). A token is
/// good once, and for `life` seconds.
///
/// What changes something is made once, and answered as `answering` says.
/// Beside what they name, all methods throw `DomainError.unavailable` when the store or the hasher is too busy, and faults.
/// Blocking; for one thread at a time, as what it is made of.
package struct ConfirmationService {
    private let unitOfWork: any UnitOfWork
    private let passwords: any PasswordHashing
    private let commonPasswords: CommonPasswords
    private let digests: any TokenDigesting
    private let tokens: any ConfirmationTokens
    private let clock: any Clock
    private let random: any RandomSource
    /// For how many seconds a token is good.
    package let life: Int64

    /// Puts the service together.
    package init(
        unitOfWork: any UnitOfWork,
        passwords: any PasswordHashing,
        commonPasswords: CommonPasswords,
        digests: any TokenDigesting,
        tokens: any ConfirmationTokens,
        clock: any Clock,
        random: any RandomSource,
        life: Int64
    ) {
        self.unitOfWork = unitOfWork
        self.passwords = passwords
        self.commonPasswords = commonPasswords
        self.digests = digests
        self.tokens = tokens
        self.clock = clock
        self.random = random
        self.life = life
    }

    // MARK: - A lost password

    /// Has a mail sent by which the password of an account can be set, if there is such an account that may sign in.
    package func requestPasswordReset<Answer>(
        of email: EmailAddress,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        let now = clock.now()
        let confirmation = made(.passwordReset, of: nil, to: email, at: now)
        return try store([confirmation], at: now, by: .anyone, answering)
    }

    /// Sets the password of the account to whose address the token was sent, and ends all its sessions; API keys stay.
    ///
    /// The address is verified by it, and other tokens for its password are worth nothing any more. Throws
    /// `invalidConfirmation`, and `validation` for a common password.
    package func resetPassword<Answer>(
        by token: String,
        to password: Password,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        let now = clock.now()
        let digest = try digest(of: token)
        // Looked at before the hash: who has no token must not make us hash.
        let user = try unitOfWork.read { try $0.owner(ofReset: digest, at: now) }
        try commonPasswords.refuse(password, of: user.email, named: user.name)
        let hash = try passwords.hash(password)
        let occasion = Occasion(at: now, by: .anyone, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            var owner = try transaction.owner(ofReset: digest, at: now)
            guard owner.id == user.id else { throw DomainError.invalidConfirmation }
            let wasVerified = try transaction.confirmations.verifiedAt(owner.email, of: owner.id) != nil
            owner.updatedAt = now
            owner = try transaction.users.update(owner)
            try transaction.users.setPasswordHash(hash, of: owner.id)
            try transaction.sessions.deleteAll(of: owner.id)
            try transaction.confirmations.deleteAll(to: owner.email, for: .passwordReset)
            try transaction.confirmations.setVerified(owner.email, of: owner.id, at: now)
            let happenings: [Happening] = [.passwordChanged(owner.id)] + (wasVerified ? [] : [.emailVerified(owner.id)])
            try transaction.events.append(occasion.events(happenings))
        }
    }

    // MARK: - An address that is one's own

    /// Has a mail sent by which the caller shows that the present address is the caller's.
    ///
    /// Nothing is sent where that is known. Throws `readOnlyKey`.
    package func requestVerification<Answer>(
        by caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        try caller.checkMayChange()
        let now = clock.now()
        let confirmation = made(.verification, of: caller.user.id, to: caller.user.email, at: now)
        return try store([confirmation], at: now, by: caller.actor, answering, inPlaceOfThoseOf: caller.user.id) {
            try $0.confirmations.verifiedAt(confirmation.email, of: caller.user.id) != nil
        }
    }

    /// Since when it is known that the caller's present address is the caller's; nil if it is not.
    package func verifiedAt(of caller: Principal) throws -> Timestamp? {
        try unitOfWork.read { try $0.confirmations.verifiedAt(caller.user.email, of: caller.user.id) }
    }

    /// Notes that the address to which the token was sent is its user's.
    ///
    /// Throws `invalidConfirmation`, also where the user has another address by now.
    package func verify<Answer>(
        by token: String,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        let now = clock.now()
        let digest = try digest(of: token)
        let occasion = Occasion(at: now, by: .anyone, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            let (confirmation, user) = try transaction.owner(of: digest, for: [.verification], at: now)
            guard user.email.folded == confirmation.email.folded else { throw DomainError.invalidConfirmation }
            try transaction.confirmations.deleteAll(of: user.id, for: [.verification])
            try transaction.confirmations.setVerified(user.email, of: user.id, at: now)
            try transaction.events.append(occasion.events([.emailVerified(user.id)]))
        }
    }

    // MARK: - Another address

    /// How far a change of address has come.
    package enum ChangeProgress: String, CaseIterable, Sendable {
        /// The mail to the other address is not confirmed yet.
        case waiting
        /// The address is changed.
        case changed
    }

    /// Has mails sent to the caller's present address and to another, which takes its place when both are confirmed.
    ///
    /// An earlier change that waits is given up. Whether the address is another's is not told. Throws `sessionRequired` to
    /// a caller with a key, and `validation` where it is the present one.
    package func requestChange<Answer>(
        to email: EmailAddress,
        by caller: Principal,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        guard caller.sessionID != nil else { throw DomainError.sessionRequired }
        let (now, user) = (clock.now(), caller.user)
        guard email.folded != user.email.folded else {
            throw DomainError.validation([FieldError(field: "email", message: "is your address already")])
        }
        let (from, to) = (ConfirmationID(at: now, from: random), ConfirmationID(at: now, from: random))
        let halves = [
            made(.changeFrom, from, of: user.id, to: user.email, partner: to, at: now),
            made(.changeTo, to, of: user.id, to: email, partner: from, at: now),
        ]
        return try store(halves, at: now, by: caller.actor, answering, inPlaceOfThoseOf: user.id)
    }

    /// Confirms one half of a change of address; the second one changes it.
    ///
    /// Throws `invalidConfirmation`, and `conflict("email")` where somebody else has taken the address meanwhile.
    package func confirmChange<Answer>(
        by token: String,
        answering: Answering<ChangeProgress, Answer> = Answering<ChangeProgress, ChangeProgress>.plain
    ) throws -> Answer {
        let now = clock.now()
        let digest = try digest(of: token)
        let occasion = Occasion(at: now, by: .anyone, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            let (half, user) = try transaction.owner(of: digest, for: [.changeFrom, .changeTo], at: now)
            guard half.confirmedAt == nil, let partnerID = half.partnerID,
                let other = try transaction.confirmations.find(partnerID)?.confirmation
            else { throw DomainError.invalidConfirmation }
            let (from, to) = half.purpose == .changeFrom ? (half, other) : (other, half)
            guard from.email.folded == user.email.folded else { throw DomainError.invalidConfirmation }
            guard other.confirmedAt != nil else {
                try transaction.confirmations.confirm(half.id, at: now)
                return .waiting
            }
            var changed = user
            changed.email = to.email
            changed.updatedAt = now
            changed = try transaction.users.update(changed)
            try transaction.confirmations.deleteAll(of: user.id, for: [.changeFrom, .changeTo, .verification])
            try transaction.confirmations.setVerified(changed.email, of: user.id, at: now)
            try transaction.events.append(
                occasion.events([.userChanged(from: user, to: changed), .emailVerified(user.id)])
            )
            return .changed
        }
    }

    // MARK: - Parts

    private func made(
        _ purpose: Confirmation.Purpose,
        _ id: ConfirmationID? = nil,
        of userID: UserID?,
        to email: EmailAddress,
        partner: ConfirmationID? = nil,
        at now: Timestamp
    ) -> Confirmation {
        Confirmation(
            id: id ?? ConfirmationID(at: now, from: random),
            purpose: purpose,
            userID: userID,
            email: email,
            partnerID: partner,
            createdAt: now,
            expiresAt: now.adding(seconds: life)
        )
    }

    private func store<Answer>(
        _ confirmations: [Confirmation],
        at now: Timestamp,
        by actor: Actor,
        _ answering: Answering<Void, Answer>,
        inPlaceOfThoseOf userID: UserID? = nil,
        unless isNeedless: (any Transaction) throws -> Bool = { _ in false }
    ) throws -> Answer {
        let digests = confirmations.map(digest(of:))
        let occasion = Occasion(at: now, by: actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try !isNeedless(transaction) else { return }
            if let userID { try transaction.confirmations.deleteAll(of: userID, for: confirmations.map(\.purpose)) }
            for (confirmation, digest) in zip(confirmations, digests) {
                try transaction.confirmations.insert(confirmation, tokenDigest: digest)
            }
            try transaction.events.append(occasion.events(confirmations.map(Happening.confirmationRequested)))
        }
    }

    private func digest(of confirmation: Confirmation) -> TokenDigest {
        digests.digest(of: tokens.tokens(of: confirmation.id).first?.text ?? "")
    }

    private func digest(of token: String) throws -> TokenDigest {
        guard let token = ConfirmationToken(token) else { throw DomainError.invalidConfirmation }
        return digests.digest(of: token.text)
    }
}

extension Transaction {
    /// What a token confirms, and the user, who may sign in; throws `invalidConfirmation`.
    fileprivate func owner(
        of digest: TokenDigest,
        for purposes: [Confirmation.Purpose],
        at now: Timestamp
    ) throws -> (Confirmation, User) {
        guard let confirmation = try confirmations.find(digest), purposes.contains(confirmation.purpose),
            !confirmation.isOver(at: now),
            let user = try confirmation.userID.flatMap({ try users.find($0) }), user.status == .active
        else { throw DomainError.invalidConfirmation }
        return (confirmation, user)
    }

    /// The user with the address to which a token for a lost password was sent; throws `invalidConfirmation`.
    fileprivate func owner(ofReset digest: TokenDigest, at now: Timestamp) throws -> User {
        guard let confirmation = try confirmations.find(digest), confirmation.purpose == .passwordReset,
            !confirmation.isOver(at: now),
            let user = try users.credentials(for: confirmation.email)?.user, user.status == .active
        else { throw DomainError.invalidConfirmation }
        return user
    }
}
