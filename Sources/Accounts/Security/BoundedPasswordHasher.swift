package import Cryptography
package import Domain
internal import Linux
package import SharedMemory
internal import Synchronization

/// Hashes passwords by Argon2id, a few at a time, so that sign-ins starve nobody else.
///
/// One hash takes some 15 ms of a core and 19 MiB. Measured with eight threads that hash beside two that answer: without
/// a bound the others' 99th percentile was 7.7 ms, with one permit 1.4 ms. The permits are those of the machine, in memory
/// that all processes share; a process that is killed gives back what it holds. Who finds the queue of this process full,
/// or has waited for half a second, is refused. One hasher is shared by all threads of a process.
package final class BoundedPasswordHasher: PasswordHashing, Sendable {
    private static let patience = Duration.milliseconds(500)

    private let argon2id: Argon2id
    private let permits: SharedPermits
    private let atOnce: Int
    private let inside = Mutex(0)
    private let mostInside: Int
    /// A hash, with today's parameters, of a password that nobody knows.
    private let decoy: PasswordHash

    /// Makes a hasher.
    ///
    /// - Parameters:
    ///   - argon2id: the cost of a hash.
    ///   - permits: those of the machine.
    ///   - atOnce: how many of them are used: how many hashes are made at once.
    ///   - mostInside: how many threads may hash or wait for it; fewer than the process has, or nobody is left to serve.
    package init(argon2id: Argon2id, permits: SharedPermits, atOnce: Int, mostInside: Int) {
        decoy = PasswordHash(argon2id.decoy())
        self.argon2id = argon2id
        self.permits = permits
        self.atOnce = atOnce
        self.mostInside = mostInside
    }

    package func hash(_ password: Password) throws -> PasswordHash {
        try hash(password, observer: nil)
    }

    package func verify(_ password: Password, against hash: PasswordHash) throws -> PasswordVerification {
        try verify(password, against: hash, observer: nil)
    }

    package func verifyDecoy(_ password: Password) throws {
        _ = try verify(password, against: decoy)
    }

    func hash(_ password: Password, observer: PasswordHashObserver?) throws -> PasswordHash {
        try permitted(observer) { PasswordHash(try argon2id.hash(Array(password.utf8))) }
    }

    /// Verifies against the decoy where there is no hash.
    func verify(
        _ password: Password,
        against hash: PasswordHash?,
        observer: PasswordHashObserver?
    ) throws -> PasswordVerification {
        let hash = hash ?? decoy
        return try permitted(observer) {
            guard Argon2id.verify(Array(password.utf8), against: hash.text) else { return .mismatch }
            return .match(needsRehash: argon2id.needsRehash(hash.text))
        }
    }

    private func permitted<Value>(_ observer: PasswordHashObserver?, _ work: () throws -> Value) throws -> Value {
        let isAdmitted = inside.withLock { inside in
            guard inside < mostInside else { return false }
            inside += 1
            return true
        }
        guard isAdmitted else {
            observer?.refused(after: 0)
            throw DomainError.overloaded("\(mostInside) threads hash passwords or wait for it")
        }
        defer { inside.withLock { $0 -= 1 } }
        let asked = SystemClock.monotonicNanoseconds()
        observer?.waitsForPermit()
        do {
            return try permits.withPermit(ofFirst: atOnce, timeout: Self.patience) {
                let begun = SystemClock.monotonicNanoseconds()
                observer?.begins()
                defer { observer?.hashed(SystemClock.monotonicNanoseconds() - begun, after: begun - asked) }
                return try work()
            }
        } catch SharedMemoryError.lockTimeout {
            observer?.refused(after: SystemClock.monotonicNanoseconds() - asked)
            throw DomainError.overloaded("no password hash was possible within 500 ms")
        }
    }
}
