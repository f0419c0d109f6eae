package import Domain

/// What is to be written to users about what happened.
///
/// Each method gives nil where nothing is to be sent: nobody has the address, the token is worth nothing any more, the
/// user has gone. Where the user is told something that is nobody else's, it goes to the address that the user has now.
/// Throws faults of the store. Blocking; for one thread at a time, as what it is made of.
package struct LetterService {
    private let unitOfWork: any UnitOfWork
    private let digests: any TokenDigesting
    private let tokens: any ConfirmationTokens
    private let clock: any Clock

    /// For so many seconds after an account was made, signing in is no news.
    private static let secondsOfBeginning: Int64 = 600

    /// Puts the service together.
    package init(
        unitOfWork: any UnitOfWork,
        digests: any TokenDigesting,
        tokens: any ConfirmationTokens,
        clock: any Clock
    ) {
        self.unitOfWork = unitOfWork
        self.digests = digests
        self.tokens = tokens
        self.clock = clock
    }

    /// The mail that brings a token, which is made here and stands nowhere else.
    ///
    /// The same for the same id, however often it is asked for. Nil also where the secret is not known any more under which
    /// the token was promised.
    package func letter(for id: ConfirmationID) throws -> Letter? {
        let now = clock.now()
        return try unitOfWork.read { transaction in
            guard let (confirmation, digest) = try transaction.confirmations.find(id),
                !confirmation.isOver(at: now), confirmation.confirmedAt == nil,
                let token = tokens.tokens(of: id).first(where: { digests.digest(of: $0.text) == digest }),
                let user = try transaction.reader(of: confirmation), user.status == .active
            else { return nil }
            var letter = Letter(
                confirmation.purpose.letter,
                to: confirmation.purpose == .passwordReset ? user.email : confirmation.email,
                name: user.name.text,
                at: confirmation.createdAt
            )
            letter.token = token
            letter.minutes = Int(
                (confirmation.expiresAt.microseconds - confirmation.createdAt.microseconds) / 60_000_000
            )
            if confirmation.purpose == .changeFrom, let partnerID = confirmation.partnerID {
                letter.subject = try transaction.confirmations.find(partnerID)?.confirmation.email.text ?? ""
            }
            return letter
        }
    }

    /// The notice of a sign-in from where the user was not signed in before: by another address or another program than
    /// every other session of the user.
    package func notice(ofSignIn sessionID: SessionID, of userID: UserID) throws -> Letter? {
        let now = clock.now()
        return try unitOfWork.read { transaction in
            guard let user = try transaction.reader(userID) else { return nil }
            let sessions = try transaction.sessions.list(of: userID, at: now)
            guard let session = sessions.first(where: { $0.id == sessionID }),
                session.createdAt >= user.createdAt.adding(seconds: Self.secondsOfBeginning),
                !sessions.contains(where: { $0.id != sessionID && $0.origin == session.origin })
            else { return nil }
            var letter = Letter(.newSignIn, to: user.email, name: user.name.text, at: session.createdAt)
            letter.origin = session.origin
            return letter
        }
    }

    /// The notice that an API key was made.
    package func notice(ofKey keyID: APIKeyID, of userID: UserID) throws -> Letter? {
        try unitOfWork.read { transaction in
            guard let user = try transaction.reader(userID),
                let key = try transaction.keys.list(of: userID).first(where: { $0.id == keyID })
            else { return nil }
            var letter = Letter(.keyCreated, to: user.email, name: user.name.text, at: key.createdAt)
            letter.subject = key.name.text
            return letter
        }
    }

    /// The notice that something was changed by which the user signs in.
    package func notice(_ kind: Letter.Kind, of userID: UserID, at instant: Timestamp) throws -> Letter? {
        try unitOfWork.read { transaction in
            guard let user = try transaction.reader(userID) else { return nil }
            return Letter(kind, to: user.email, name: user.name.text, at: instant)
        }
    }
}

extension Confirmation.Purpose {
    fileprivate var letter: Letter.Kind {
        switch self {
        case .passwordReset: .passwordReset
        case .verification: .verification
        case .changeFrom: .changeFrom
        case .changeTo: .changeTo
        }
    }
}

extension Transaction {
    /// The user of this id, unless nobody who may sign in has it.
    fileprivate func reader(_ id: UserID) throws -> User? {
        try users.find(id).flatMap { $0.status == .active ? $0 : nil }
    }

    /// The user to whom the mail goes; nil where the address is nobody's, or another's.
    fileprivate func reader(of confirmation: Confirmation) throws -> User? {
        guard let userID = confirmation.userID else { return try users.credentials(for: confirmation.email)?.user }
        guard let user = try users.find(userID) else { return nil }
        switch confirmation.purpose {
        case .changeTo: return try users.credentials(for: confirmation.email) == nil ? user : nil
        case .passwordReset, .verification, .changeFrom:
            return user.email.folded == confirmation.email.folded ? user : nil
        }
    }
}
