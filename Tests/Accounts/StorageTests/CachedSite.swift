import Caching
import Database
import Domain
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Two workers on one database, each with a cache of its own and both with the same generations.
final class CachedSite {
    /// The services of one worker.
    struct Worker {
        let users: UserService
        let sessions: SessionService
        let passwords: PasswordService
        let keys: APIKeyService
    }

    static let password = "quantal vellum ostrich"

    let clock = ManualClock()
    let database: ScratchDatabase
    let thereSession: DatabaseSession
    let hereUnit: SQLUnitOfWork
    let here: Worker
    let there: Worker
    let caches: [Cache]

    /// An administrator, 1, and a member with a password, 2.
    init() throws {
        let generations = ProcessGenerations()
        database = try ScratchDatabase(observer: CacheInvalidation(generations))
        thereSession = try DatabaseSession(database.options, registry: database.registry)
        caches = (0..<2).map { _ in
            Cache(generations: generations, options: CacheOptions(budget: 1 << 20, now: { 0 }))
        }
        let random = SeededRandom()
        hereUnit = SQLUnitOfWork(database.session, cache: StorageCache(caches[0], ttl: .seconds(60)))
        here = Self.worker(hereUnit, clock, random)
        there = Self.worker(
            SQLUnitOfWork(thereSession, cache: StorageCache(caches[1], ttl: .seconds(60))),
            clock,
            random
        )
        try hereUnit.perform { transaction in
            try transaction.users.insert(.fixture(1, role: .administrator), passwordHash: nil)
            try transaction.users.insert(.fixture(2), passwordHash: PasswordHash("cheap$1$\(Self.password)"))
        }
    }

    /// What the database holds, without any cache.
    func stored<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        try SQLUnitOfWork(thereSession).read(body)
    }

    private static func worker(_ unitOfWork: SQLUnitOfWork, _ clock: ManualClock, _ random: SeededRandom) -> Worker {
        Worker(
            users: UserService(
                unitOfWork: unitOfWork,
                passwords: CheapPasswordHasher(),
                commonPasswords: CommonPasswords(),
                clock: clock,
                random: random,
                registrationIsOpen: false
            ),
            sessions: SessionService(
                unitOfWork: unitOfWork,
                passwords: CheapPasswordHasher(),
                digests: CheapTokenDigest(),
                clock: clock,
                random: random,
                policy: SessionPolicy(),
                report: { Issue.record($0) }
            ),
            passwords: PasswordService(
                unitOfWork: unitOfWork,
                passwords: CheapPasswordHasher(),
                commonPasswords: CommonPasswords(),
                clock: clock,
                random: random
            ),
            keys: APIKeyService(
                unitOfWork: unitOfWork,
                digests: CheapTokenDigest(),
                clock: clock,
                random: random,
                report: { Issue.record($0) }
            )
        )
    }
}
