import Domain
import Services
import TestSupport
import Testing

struct APIKeyServiceTests {
    private let world = World()
    private let administrator: Principal
    private let member: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
        member = try world.store(.fixture(2))
        try world.store(.fixture(1), 1)
        try world.store(.fixture(2, of: .fixture(2)), 2)
    }

    private func create(
        _ access: APIKeyAccess = .write,
        expiresAt: Timestamp? = nil,
        by caller: Principal? = nil
    ) throws -> IssuedAPIKey {
        let newKey = NewAPIKey(name: try APIKeyName("Backup"), access: access, expiresAt: expiresAt)
        return try world.keys.create(newKey, by: caller ?? member)
    }

    private func lastUse(_ issued: IssuedAPIKey) throws -> Timestamp? {
        try world.keys.list(of: .fixture(2), by: member).first { $0.id == issued.key.id }?.lastUsedAt
    }

    @Test func `a key is made, and tells who calls and what may be done`() throws {
        let issued = try create(.read, expiresAt: .t0.adding(seconds: 60))
        #expect(issued.key.userID == .fixture(2))
        #expect(issued.key.createdAt == .t0)
        #expect(issued.key.lastUsedAt == nil)
        let caller = try world.keys.authenticate(issued.token.text)
        #expect(caller == Principal(user: .fixture(2), credential: .key(issued.key.id, .read)))
        #expect(caller.sessionID == nil)
    }

    @Test func `a key that nothing is said about may only read`() throws {
        #expect(NewAPIKey(name: try APIKeyName("Backup")).access == .read)
    }

    @Test(arguments: [APIKeyAccess.read, .write])
    func `a key makes no key`(access: APIKeyAccess) throws {
        let caller = Principal(user: member.user, credential: .key(.fixture(1), access))
        #expect(throws: DomainError.sessionRequired) { try create(by: caller) }
    }

    @Test func `a session that has ended meanwhile makes no key`() throws {
        try world.sessions.signOut(member)
        #expect(throws: DomainError.unauthenticated) { try create() }
        #expect(try world.keys.list(of: .fixture(2), by: member) == [])
    }

    @Test func `a key that has expired already is refused`() throws {
        let refusal = DomainError.validation([FieldError(field: "expires_at", message: "must be in the future")])
        #expect(throws: refusal) { try create(expiresAt: .t0) }
        _ = try create(expiresAt: Timestamp(microseconds: Timestamp.t0.microseconds + 1))
    }

    @Test func `nobody has more than a hundred keys`() throws {
        for _ in 0..<APIKey.mostPerUser { _ = try create() }
        #expect(throws: DomainError.tooManyKeys) { try create() }
        let keys = try world.keys.list(of: .fixture(2), by: member)
        #expect(keys.count == APIKey.mostPerUser)
        try world.keys.end(keys[0].id, by: member)
        _ = try create()
        _ = try create(by: administrator)
    }

    @Test func `authentication costs one read, and a note of the use every five minutes`() throws {
        let issued = try create()
        let token = issued.token.text
        #expect(try world.cost { _ = try world.keys.authenticate(token) } == (clock: 1, reads: 1, changes: 1))
        #expect(try lastUse(issued) == .t0)
        world.clock.advance(seconds: 299)
        #expect(try world.cost { _ = try world.keys.authenticate(token) } == (clock: 1, reads: 1, changes: 0))
        world.clock.advance(seconds: 1)
        #expect(try world.cost { _ = try world.keys.authenticate(token) } == (clock: 1, reads: 1, changes: 1))
        #expect(try lastUse(issued) == .t0.adding(seconds: 300))
    }

    @Test func `that use cannot be noted is reported and fails no request`() throws {
        struct DiskFull: Error {}
        let token = try create().token.text
        world.unitOfWork.failureOfNextChange = DiskFull()
        #expect(try world.keys.authenticate(token).user == .fixture(2))
        #expect(world.reported.first is DiskFull)
    }

    @Test func `a key ends when it expires, and is still shown`() throws {
        let issued = try create(expiresAt: .t0.adding(seconds: 60))
        world.clock.advance(seconds: 60)
        #expect(throws: DomainError.keyExpired) { try world.keys.authenticate(issued.token.text) }
        #expect(try world.keys.list(of: .fixture(2), by: member) == [issued.key])
    }

    @Test(arguments: ["", "gh_k_", "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"])
    func `what is no key is nobody's, and costs no query`(token: String) {
        let cost = world.cost {
            #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(token) }
        }
        #expect(cost == (clock: 0, reads: 0, changes: 0))
    }

    @Test func `users end their own keys, and nobody else's`() throws {
        let issued = try create()
        let other = try create(by: administrator)
        #expect(throws: DomainError.notFound) { try world.keys.end(other.key.id, by: member) }
        #expect(throws: DomainError.notFound) { try world.keys.end(issued.key.id, by: administrator) }
        try world.keys.end(issued.key.id, by: member)
        #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(issued.token.text) }
        #expect(try world.keys.authenticate(other.token.text).user.id == .fixture(1))
    }

    @Test func `a key for writing may end itself, one for reading may not`() throws {
        for access in APIKeyAccess.allCases {
            let issued = try create(access)
            let caller = try world.keys.authenticate(issued.token.text)
            if access == .write {
                try world.keys.end(issued.key.id, by: caller)
                #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(issued.token.text) }
            } else {
                #expect(throws: DomainError.readOnlyKey) { try world.keys.end(issued.key.id, by: caller) }
                #expect(throws: DomainError.readOnlyKey) { try world.keys.endAll(of: .fixture(2), by: caller) }
            }
        }
    }

    @Test func `administrators see and end everybody's keys, members nobody else's`() throws {
        let issued = try create()
        #expect(try world.keys.list(of: .fixture(2), by: administrator) == [issued.key])
        for id in [1, 9] as [UInt64] {
            #expect(throws: DomainError.notFound) { try world.keys.list(of: .fixture(id), by: member) }
            #expect(throws: DomainError.notFound) { try world.keys.endAll(of: .fixture(id), by: member) }
        }
        #expect(throws: DomainError.notFound) { try world.keys.endAll(of: .fixture(9), by: administrator) }
        try world.keys.endAll(of: .fixture(2), by: administrator)
        #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(issued.token.text) }
    }

    @Test func `disabling a user ends the keys, enabling does not bring them back`() throws {
        let token = try create().token.text
        _ = try world.users.update(.fixture(2), with: UserChanges(status: .disabled), by: administrator)
        #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(token) }
        _ = try world.users.update(.fixture(2), with: UserChanges(status: .active), by: administrator)
        #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(token) }
    }

    @Test func `the key of a user who was disabled beside is nobody's`() throws {
        let token = try create().token.text
        _ = try world.unitOfWork.perform { try $0.users.update(.fixture(2, status: .disabled)) }
        #expect(throws: DomainError.unauthenticated) { try world.keys.authenticate(token) }
    }

    @Test func `a changed password leaves the keys`() throws {
        let token = try create().token.text
        let changes = UserChanges(password: try Password("quantal vellum ostrich"))
        _ = try world.users.update(.fixture(2), with: changes, by: administrator)
        #expect(try world.session(2) == nil)
        #expect(try world.keys.authenticate(token).user.id == .fixture(2))
    }

    @Test func `a key sets no password, whatever its user may`() throws {
        let key = Principal(user: administrator.user, credential: .key(.fixture(1), .write))
        let changes = UserChanges(password: try Password("quantal vellum ostrich"))
        #expect(throws: DomainError.sessionRequired) { try world.users.update(.fixture(2), with: changes, by: key) }
        let user = try NewUser.fixture(password: "quantal vellum ostrich")
        #expect(throws: DomainError.sessionRequired) { try world.users.create(user, by: key) }
        let registration = try Registration.fixture()
        #expect(throws: DomainError.sessionRequired) {
            try world.users(registrationIsOpen: true).register(registration, by: key)
        }
        #expect(world.hasher.calls.isEmpty)
        _ = try world.users.create(.fixture(), by: key)
        _ = try world.users.update(.fixture(2), with: UserChanges(role: .administrator), by: key)
    }

    @Test func `a key for reading changes nothing`() throws {
        let key = Principal(user: administrator.user, credential: .key(.fixture(1), .read))
        let name = UserChanges(name: try PersonName("New"))
        #expect(throws: DomainError.readOnlyKey) { try world.users.update(.fixture(2), with: name, by: key) }
        #expect(throws: DomainError.readOnlyKey) { try world.users.delete(.fixture(2), by: key) }
        #expect(throws: DomainError.readOnlyKey) { try world.users.create(.fixture(), by: key) }
        let registration = try Registration.fixture()
        #expect(throws: DomainError.readOnlyKey) {
            try world.users(registrationIsOpen: true).register(registration, by: key)
        }
        #expect(try world.users.read(.fixture(2), by: key) == .fixture(2))
    }
}
