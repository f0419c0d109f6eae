import Database
import Domain
import Services
import Storage
import TestSupport
import Testing

/// What one worker ends has ended in all others at once, though each remembers what it has looked up.
struct WorkersTests {
    private let site: CachedSite
    private let token: String
    private let key: String
    private let administrator = Principal(user: .fixture(1, role: .administrator), sessionID: .fixture(1))

    private var here: CachedSite.Worker { site.here }
    private var there: CachedSite.Worker { site.there }

    init() throws {
        site = try CachedSite()
        let there = site.there
        token = try there.sessions.signIn(email: "user2@example.com", password: CachedSite.password, from: .fixture)
            .token.text
        let newKey = NewAPIKey(name: try APIKeyName("Backup"))
        key = try there.keys.create(newKey, by: try there.sessions.authenticate(token)).token.text
        #expect(try there.keys.authenticate(key).user.id == .fixture(2))
        #expect(try there.sessions.authenticate(token).user.id == .fixture(2))
    }

    private func expectSessionsEnded() {
        #expect(throws: DomainError.unauthenticated) { try there.sessions.authenticate(token) }
    }

    private func expectAllEnded() {
        expectSessionsEnded()
        #expect(throws: DomainError.unauthenticated) { try there.keys.authenticate(key) }
    }

    @Test func `disabling a user`() throws {
        _ = try here.users.update(.fixture(2), with: UserChanges(status: .disabled), by: administrator)
        expectAllEnded()
        _ = try here.users.update(.fixture(2), with: UserChanges(status: .active), by: administrator)
        expectAllEnded()
    }

    @Test func `deleting a user`() throws {
        try here.users.delete(.fixture(2), by: administrator)
        expectAllEnded()
    }

    @Test func `setting a password`() throws {
        let changes = UserChanges(password: try Password("kettle, gravel & two owls"))
        _ = try here.users.update(.fixture(2), with: changes, by: administrator)
        expectSessionsEnded()
        #expect(try there.keys.authenticate(key).user.id == .fixture(2))
    }

    @Test func `ending all sessions`() throws {
        try here.sessions.endAll(of: .fixture(2), by: administrator)
        expectSessionsEnded()
    }

    @Test func `changing a password ends the other sessions`() throws {
        let other = try here.sessions.signIn(email: "user2@example.com", password: CachedSite.password, from: .fixture)
        let caller = try here.sessions.authenticate(other.token.text)
        try here.passwords.change(from: CachedSite.password, to: try Password("kettle, gravel & two owls"), by: caller)
        expectSessionsEnded()
        #expect(try there.sessions.authenticate(other.token.text).user.id == .fixture(2))
    }

    @Test func `ending one session`() throws {
        try here.sessions.signOut(try here.sessions.authenticate(token))
        expectSessionsEnded()
        #expect(try there.keys.authenticate(key).user.id == .fixture(2))
    }

    @Test func `authentication takes no statement while nothing changes, and one after a change`() throws {
        // The first use of a key is noted, which is a change.
        _ = try there.keys.authenticate(key)
        let before = site.thereSession.statementCount
        _ = try there.sessions.authenticate(token)
        _ = try there.keys.authenticate(key)
        #expect(site.thereSession.statementCount == before)
        _ = try here.users.update(.fixture(2), with: UserChanges(name: try PersonName("Two")), by: administrator)
        #expect(try there.sessions.authenticate(token).user.name.text == "Two")
        #expect(site.thereSession.statementCount - before == 1)
        #expect(try there.keys.authenticate(key).user.name.text == "Two")
        #expect(site.thereSession.statementCount - before == 2)
    }
}
