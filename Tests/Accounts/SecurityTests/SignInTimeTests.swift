import Cryptography
import Domain
import LinuxTestSupport
import Security
import Services
import SharedMemoryTestSupport
import TestSupport
import Testing

/// The time of an answer does not tell which addresses are known.
@Suite(.serialized) struct SignInTimeTests {
    private let sessions: SessionService
    private let directory: TemporaryDirectory

    /// The real hasher, with the least memory that the settings allow so that the test is short.
    init() throws {
        try CryptographyLibrary.initialize()
        directory = try TemporaryDirectory()
        let shared = try ProbeSegment(directory: directory.path)
        let passwords = BoundedPasswordHasher(
            argon2id: Argon2id(memory: 7168 << 10, passes: 1),
            permits: shared.permits,
            atOnce: 1,
            mostInside: 1
        )
        let unitOfWork = MemoryUnitOfWork(rehearses: false)
        let hash = try passwords.hash(try Password("quantal vellum ostrich"))
        try unitOfWork.perform { transaction in
            try transaction.users.insert(.fixture(1), passwordHash: hash)
            try transaction.users.insert(.fixture(2), passwordHash: nil)
            try transaction.users.insert(.fixture(3, status: .disabled), passwordHash: hash)
        }
        sessions = SessionService(
            unitOfWork: unitOfWork,
            passwords: passwords,
            digests: SHA256TokenDigests(),
            clock: ManualClock(),
            random: SeededRandom(),
            policy: SessionPolicy(),
            report: { Issue.record($0) }
        )
    }

    /// An address of which nobody may learn anything, beside that of an account with a password: of no account, of one
    /// without a password, of a disabled one, and none at all.
    @Test(arguments: ["nobody@example.com", "user2@example.com", "user3@example.com", "nobody"])
    func `a wrong password takes as long for an account as for none`(other: String) {
        _ = (time("user1@example.com"), time(other))
        var known: [Duration] = []
        var unknown: [Duration] = []
        // In pairs that change places, so that whatever slows the machine down slows both; and medians, so that single
        // delays do not count.
        for pair in 0..<200 {
            if pair.isMultiple(of: 2) {
                known.append(time("user1@example.com"))
                unknown.append(time(other))
            } else {
                unknown.append(time(other))
                known.append(time("user1@example.com"))
            }
        }
        let (first, second) = (known.sorted()[100], unknown.sorted()[100])
        // Without the decoy it is a hundredth.
        #expect(first / second < 1.25 && second / first < 1.25, "\(first) and \(second)")
    }

    private func time(_ email: String) -> Duration {
        ContinuousClock().measure {
            #expect(throws: DomainError.invalidCredentials) {
                try sessions.signIn(email: email, password: "a wrong password", from: .fixture)
            }
        }
    }
}
