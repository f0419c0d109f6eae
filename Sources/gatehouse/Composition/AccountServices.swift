internal import Domain
internal import Security
internal import Services

/// The services of accounts over one session of the database, as workers and commands have them alike.
struct AccountServices {
    let users: UserService
    let sessions: SessionService
    let passwords: PasswordService
    let keys: APIKeyService
    let audit: AuditService
    /// What is done by mail; nil where none is sent, or nobody has the secrets of the instance.
    let confirmations: ConfirmationService?

    /// What a request or a command went on without is reported; the operator of a command needs no open registration.
    init(
        settings: Settings,
        unitOfWork: any UnitOfWork,
        passwords hasher: any PasswordHashing,
        registrationIsOpen: Bool,
        report: @escaping (any Error) -> Void
    ) {
        let (clock, random, digests) = (KernelClock(), SecureRandomSource(), SHA256TokenDigests())
        users = UserService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: settings.commonPasswords,
            clock: clock,
            random: random,
            registrationIsOpen: registrationIsOpen,
            confirmsAddresses: settings.mail != nil
        )
        sessions = SessionService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            digests: digests,
            clock: clock,
            random: random,
            policy: settings.sessionPolicy,
            report: report
        )
        passwords = PasswordService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: settings.commonPasswords,
            clock: clock,
            random: random
        )
        audit = AuditService(unitOfWork: unitOfWork, chain: AuditChain(hashing: SHA256AuditHashing()))
        keys = APIKeyService(unitOfWork: unitOfWork, digests: digests, clock: clock, random: random, report: report)
        confirmations =
            if let mail = settings.mail, let keys = settings.keys {
                ConfirmationService(
                    unitOfWork: unitOfWork,
                    passwords: hasher,
                    commonPasswords: settings.commonPasswords,
                    digests: digests,
                    tokens: InstanceConfirmationTokens(keys),
                    clock: clock,
                    random: random,
                    life: mail.tokenLife
                )
            } else {
                nil
            }
    }
}
