import Caching
import Database
import Domain
import RandomTestSupport
import Services
import Storage
import TestSupport
import Testing

/// What is looked up in one worker while another changes it.
@Suite struct CachedLookUpTests {
    private let site: CachedSite
    private let administrator = Principal(user: .fixture(1, role: .administrator), sessionID: .fixture(1))

    init() throws {
        site = try CachedSite()
    }

    private func signIn(_ number: UInt64 = 2) throws -> String {
        try site.here.sessions.signIn(
            email: "user\(number)@example.com",
            password: CachedSite.password,
            from: .fixture
        ).token.text
    }

    // MARK: - Sessions

    @Test func `use prolongs a session that is remembered, and is written once in five minutes`() throws {
        let token = try signIn()
        for worker in [site.here, site.there] { _ = try worker.sessions.authenticate(token) }
        for minute in 1...12 {
            site.clock.advance(seconds: 60)
            for worker in [site.here, site.there] {
                for _ in 0..<3 { _ = try worker.sessions.authenticate(token) }
            }
            let session = try #require(
                try site.stored { try $0.sessions.list(of: .fixture(2), at: site.clock.now()) }.first
            )
            #expect(session.lastSeenAt == Timestamp.t0.adding(seconds: Int64(minute / 5 * 300)))
        }
    }

    @Test func `a session that is remembered ends in its time`() throws {
        let token = try signIn()
        _ = try site.there.sessions.authenticate(token)
        site.clock.advance(seconds: 14 * 86_400)
        #expect(throws: DomainError.sessionExpired) { try site.there.sessions.authenticate(token) }
    }

    @Test func `a token that stands for nothing is not remembered`() throws {
        let token = SessionToken(from: SeededRandom()).text
        let before = site.thereSession.statementCount
        for _ in 0..<2 {
            #expect(throws: DomainError.unauthenticated) { try site.there.sessions.authenticate(token) }
        }
        #expect(site.thereSession.statementCount - before == 2)
        #expect(site.caches.allSatisfy { $0.statistics()[CacheKinds.sessions.number].values == 0 })
    }

    // MARK: - Numbers

    @Test func `counts are remembered until somebody is made or changed`() throws {
        func numbers() throws -> [Int] {
            let page = try site.there.users.page(try PageRequest(number: 1, size: 5), by: administrator)
            return [page.total ?? -1, try site.there.users.statistics(by: administrator).total]
        }
        #expect(try numbers() == [2, 2])
        let before = site.thereSession.statementCount
        #expect(try numbers() == [2, 2])
        // Only the rows of the page are read.
        #expect(site.thereSession.statementCount - before == 1)
        _ = try site.here.users.create(
            NewUser(email: try EmailAddress("x@example.com"), name: try PersonName("X")),
            by: administrator
        )
        #expect(try numbers() == [3, 3])
    }

    @Test func `that there is no such user is forgotten when somebody makes it`() throws {
        #expect(throws: DomainError.notFound) { try site.there.users.read(.fixture(3), by: administrator) }
        let before = site.thereSession.statementCount
        #expect(throws: DomainError.notFound) { try site.there.users.read(.fixture(3), by: administrator) }
        #expect(site.thereSession.statementCount == before)
        try site.hereUnit.perform { try $0.users.insert(.fixture(3), passwordHash: nil) }
        #expect(try site.there.users.read(.fixture(3), by: administrator).id == .fixture(3))
    }

    // MARK: - Everything

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `whatever is changed, what is looked up is what is stored`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tokens = [try signIn()]
        for step in 0..<60 {
            site.clock.advance(seconds: Int64.random(in: 1...200, using: &random))
            // Refusals change nothing, which is as good a step as any.
            _ = try? change(Int.random(in: 0..<9, using: &random), step, &tokens)
            for worker in [site.there, site.here] {
                let user = try? worker.users.read(.fixture(2), by: administrator)
                let stored = try site.stored { try $0.users.find(.fixture(2)) }
                #expect(user == stored)
                #expect(try worker.users.statistics(by: administrator).total == site.stored { try $0.users.count() })
                for token in tokens {
                    let found = try site.stored { try $0.sessions.find(CheapTokenDigest().digest(of: token)) }
                    let isGood =
                        found.map { !$0.session.isOver(at: site.clock.now()) && $0.user.status == .active } ?? false
                    let caller = try? worker.sessions.authenticate(token)
                    #expect((caller != nil) == isGood)
                    if let caller { #expect(caller.user == found?.user) }
                }
            }
        }
    }

    private func change(_ kind: Int, _ step: Int, _ tokens: inout [String]) throws {
        let here = site.here
        switch kind {
        case 0, 1, 2: tokens.append(try signIn())
        case 3: try here.sessions.signOut(try here.sessions.authenticate(tokens[tokens.count - 1]))
        case 4: try here.sessions.endAll(of: .fixture(2), by: administrator)
        case 5:
            let changes = UserChanges(name: try PersonName("Name \(step)"))
            _ = try here.users.update(.fixture(2), with: changes, by: administrator)
        case 6: _ = try here.users.update(.fixture(2), with: UserChanges(status: .disabled), by: administrator)
        case 7: _ = try here.users.update(.fixture(2), with: UserChanges(status: .active), by: administrator)
        default:
            let caller = try here.sessions.authenticate(tokens[0])
            let new = try Password("\(CachedSite.password) \(step)")
            try here.passwords.change(from: CachedSite.password, to: new, by: caller)
        }
    }
}

@Suite struct InvalidationTests {
    @Test func `every statement that changes something names a row that is then read anew`() throws {
        // Nothing of these is remembered: receipts are asked for when nobody knows whether there is one, events and what
        // consumers make of them are read from where one was, what is confirmed by mail is confirmed once.
        let forgotten: Set = [
            "receipts", "events", "consumers", "held_events", "audit_chain", "audit_anchor", "confirmations",
            "verified_addresses", "webhooks", "webhook_deliveries",
        ]
        for statement in try Statements.registry().definitions
        where !statement.writes.isSubset(of: forgotten) {
            #expect(!statement.rows.isEmpty, "\(statement.id)")
            for (table, parameter) in statement.rows {
                #expect(statement.sql.contains("?\(parameter)"), "\(statement.id)")
                // What depends on a table is invalidated by the table; a row is one of it, or one that it hangs on.
                #expect(statement.writes.contains(table) || table == "users", "\(statement.id)")
            }
        }
    }

    @Test func `no answer is kept that holds a hash of a password, or that changes something`() throws {
        for statement in try Statements.registry().definitions where statement.isCacheable {
            #expect(!statement.sql.contains("password_hash"), "\(statement.id)")
            #expect(statement.writes.isEmpty && !statement.reads.isEmpty, "\(statement.id)")
        }
    }
}
