import Domain
import Services
import TestSupport
import Testing

/// What is done by mail: lost passwords, addresses that are one's own, and others.
struct ConfirmationServiceTests {
    private let world = World()
    private let service: ConfirmationService
    private let letters: LetterService
    private let ben: Principal

    init() throws {
        service = world.confirmations
        letters = world.letters
        ben = try world.store(.fixture(2, email: "Ben@example.com"), password: "the password of ben")
    }

    private func email(_ text: String) throws -> EmailAddress { try EmailAddress(text) }

    /// The confirmations that were asked for, in order.
    private var requested: [ConfirmationID] {
        world.unitOfWork.state.events.compactMap { event in
            if case .confirmationRequested(let confirmation) = event.happening { confirmation.id } else { nil }
        }
    }

    private var types: [EventType] { world.unitOfWork.state.events.map(\.happening.type) }

    /// The tokens of the mails that would be sent, in order.
    private func tokens() throws -> [String] {
        try requested.compactMap { try letters.letter(for: $0)?.token?.text }
    }

    // MARK: - A lost password

    @Test func `the token of a mail sets a lost password, once, and ends all sessions but no key`() throws {
        try world.store(.fixture(1, of: .fixture(2)), 1)
        try world.unitOfWork.perform { try $0.keys.insert(.fixture(1, of: .fixture(2)), tokenDigest: .fixture(2)) }
        try service.requestPasswordReset(of: email("BEN@example.com"))
        let token = try #require(try tokens().first)
        try service.resetPassword(by: token, to: Password(goodPassword))
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$\(goodPassword)")
        #expect(try world.session(1) == nil)
        #expect(try world.unitOfWork.read { try $0.keys.count(of: .fixture(2)) } == 1)
        #expect(try world.user(2)?.version == 2)
        #expect(types == [.confirmationRequested, .passwordChanged, .emailVerified])
        #expect(throws: DomainError.invalidConfirmation) {
            try service.resetPassword(by: token, to: Password("another long sentence"))
        }
    }

    @Test func `known, unknown and disabled addresses cost the same work, and only the first has a mail`() throws {
        try world.store(.fixture(3, email: "dora@example.com", status: .disabled))
        for (address, hasMail) in [
            ("ben@example.com", true), ("nobody@example.com", false), ("dora@example.com", false),
        ] {
            let before = world.unitOfWork.state.events.count
            let cost = try world.cost { try service.requestPasswordReset(of: email(address)) }
            #expect(cost == (clock: 1, reads: 0, changes: 1))
            #expect(world.unitOfWork.state.events.count == before + 1)
            let letter = try letters.letter(for: try #require(requested.last))
            #expect((letter != nil) == hasMail)
        }
    }

    @Test func `a mail for a lost password names no user in the log of events`() throws {
        try service.requestPasswordReset(of: email("ben@example.com"))
        let event = try #require(world.unitOfWork.state.events.last)
        #expect(event.happening.subject == requested.last?.uuid)
        #expect(event.actor == .anyone)
        #expect(event.happening.details.map(\.name) == ["confirmation_id", "purpose"])
    }

    @Test func `a token is worth nothing after its time, and for a user who was disabled or has another address`()
        throws
    {
        try service.requestPasswordReset(of: email("ben@example.com"))
        let token = try #require(try tokens().first)
        func isRefused() -> Bool {
            do {
                try service.resetPassword(by: token, to: Password(goodPassword))
                return false
            } catch {
                return error as? DomainError == .invalidConfirmation
            }
        }
        let hashes = world.hasher.calls
        var user = try #require(try world.user(2))
        user.status = .disabled
        user = try world.unitOfWork.perform { try $0.users.update(user) }
        #expect(isRefused())
        user.status = .active
        user.email = try email("other@example.com")
        user = try world.unitOfWork.perform { try $0.users.update(user) }
        #expect(isRefused())
        user.email = try email("ben@example.com")
        user = try world.unitOfWork.perform { try $0.users.update(user) }
        world.clock.advance(seconds: 1800)
        #expect(isRefused())
        #expect(try letters.letter(for: try #require(requested.last)) == nil)
        #expect(world.hasher.calls == hashes, "nobody without a good token makes us hash")
    }

    @Test func `setting a lost password makes all other tokens for it worthless`() throws {
        for _ in 0..<2 { try service.requestPasswordReset(of: email("ben@example.com")) }
        let tokens = try tokens()
        try service.resetPassword(by: tokens[1], to: Password(goodPassword))
        #expect(throws: DomainError.invalidConfirmation) {
            try service.resetPassword(by: tokens[0], to: Password("another long sentence"))
        }
    }

    @Test func `a lost password is not replaced by a common one`() throws {
        try service.requestPasswordReset(of: email("ben@example.com"))
        let token = try #require(try tokens().first)
        let error = #expect(throws: DomainError.self) {
            try service.resetPassword(by: token, to: Password("passwordpassword"))
        }
        #expect(error?.details.map(\.field) == ["password"])
        try service.resetPassword(by: token, to: Password(goodPassword))
    }

    @Test(arguments: ["", "gh_c_", "gh_s_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", "gh_c_x"])
    func `a text that is no token is refused without a look at the store`(token: String) throws {
        let cost = world.cost {
            #expect(throws: DomainError.invalidConfirmation) {
                try service.resetPassword(by: token, to: Password(goodPassword))
            }
            #expect(throws: DomainError.invalidConfirmation) { try service.verify(by: token) }
            #expect(throws: DomainError.invalidConfirmation) { try service.confirmChange(by: token) }
        }
        #expect(cost.reads == 0 && cost.changes == 0)
    }

    @Test func `a token for one thing does nothing else`() throws {
        try service.requestPasswordReset(of: email("ben@example.com"))
        try service.requestVerification(by: ben)
        try service.requestChange(to: email("new@example.com"), by: ben)
        let tokens = try tokens()
        for (place, token) in tokens.enumerated() {
            if place != 0 {
                #expect(throws: DomainError.invalidConfirmation) {
                    try service.resetPassword(by: token, to: Password(goodPassword))
                }
            }
            if place != 1 { #expect(throws: DomainError.invalidConfirmation) { try service.verify(by: token) } }
            if place < 2 { #expect(throws: DomainError.invalidConfirmation) { try service.confirmChange(by: token) } }
        }
    }

    // MARK: - An address that is one's own

    @Test func `an address is verified by the token of a mail to it, once`() throws {
        #expect(try service.verifiedAt(of: ben) == nil)
        try service.requestVerification(by: ben)
        world.clock.advance(seconds: 5)
        let token = try #require(try tokens().first)
        try service.verify(by: token)
        #expect(try service.verifiedAt(of: ben) == .t0.adding(seconds: 5))
        #expect(types == [.confirmationRequested, .emailVerified])
        #expect(throws: DomainError.invalidConfirmation) { try service.verify(by: token) }
        try service.requestVerification(by: ben)
        #expect(types.count == 2, "nothing is sent for an address that is verified")
    }

    @Test func `an address that was changed is not verified, nor by a token for the one before`() throws {
        try service.requestVerification(by: ben)
        let token = try #require(try tokens().first)
        let users = world.users
        _ = try users.update(ben.user.id, with: UserChanges(email: email("other@example.com")), by: ben)
        #expect(throws: DomainError.invalidConfirmation) { try service.verify(by: token) }
        #expect(try letters.letter(for: try #require(requested.first)) == nil)
    }

    @Test func `a key for reading asks for no mail`() throws {
        let key = Principal(user: ben.user, credential: .key(.fixture(1), .read))
        #expect(throws: DomainError.readOnlyKey) { try service.requestVerification(by: key) }
        let writing = Principal(user: ben.user, credential: .key(.fixture(1), .write))
        #expect(throws: DomainError.sessionRequired) {
            try service.requestChange(to: email("new@example.com"), by: writing)
        }
    }

    // MARK: - Another address

    @Test(arguments: [[0, 1], [1, 0]])
    func `an address is changed when both mails were confirmed, in whichever order`(order: [Int]) throws {
        try service.requestChange(to: email("New@example.com"), by: ben)
        let tokens = try tokens()
        #expect(
            try requested.map { try letters.letter(for: $0)?.recipient.text } == ["Ben@example.com", "New@example.com"]
        )
        #expect(try letters.letter(for: requested[0])?.subject == "New@example.com")
        #expect(try service.confirmChange(by: tokens[order[0]]) == .waiting)
        #expect(try world.user(2)?.email.text == "Ben@example.com")
        #expect(throws: DomainError.invalidConfirmation) { try service.confirmChange(by: tokens[order[0]]) }
        #expect(try service.confirmChange(by: tokens[order[1]]) == .changed)
        let user = try #require(try world.user(2))
        #expect(user.email.text == "New@example.com")
        #expect(try service.verifiedAt(of: Principal(user: user, sessionID: .fixture(2))) != nil)
        #expect(types.suffix(2) == [.userChanged, .emailVerified])
        #expect(throws: DomainError.invalidConfirmation) { try service.confirmChange(by: tokens[order[1]]) }
    }

    @Test func `another change takes the place of one that waits`() throws {
        try service.requestChange(to: email("first@example.com"), by: ben)
        let first = try tokens()
        try service.requestChange(to: email("second@example.com"), by: ben)
        for token in first {
            #expect(throws: DomainError.invalidConfirmation) { try service.confirmChange(by: token) }
        }
        for token in try tokens() { _ = try service.confirmChange(by: token) }
        #expect(try world.user(2)?.email.text == "second@example.com")
    }

    @Test func `no mail goes to an address that is somebody else's, and nobody learns so`() throws {
        try world.store(.fixture(3, email: "cleo@example.com"))
        try service.requestChange(to: email("CLEO@example.com"), by: ben)
        #expect(try letters.letter(for: requested[0]) != nil)
        #expect(try letters.letter(for: requested[1]) == nil)
    }

    @Test func `an address that somebody takes in between stays theirs`() throws {
        try service.requestChange(to: email("new@example.com"), by: ben)
        let tokens = try tokens()
        try world.store(.fixture(3, email: "new@example.com"))
        _ = try service.confirmChange(by: tokens[0])
        #expect(throws: DomainError.conflict("email")) { try service.confirmChange(by: tokens[1]) }
        #expect(try world.user(2)?.email.text == "Ben@example.com")
    }

    @Test func `one's own address is no other one`() throws {
        let error = #expect(throws: DomainError.self) {
            try service.requestChange(to: email("BEN@example.com"), by: ben)
        }
        #expect(error?.details.map(\.field) == ["email"])
    }

    @Test func `where addresses are confirmed only administrators change them at once`() throws {
        let users = world.users(registrationIsOpen: false, confirmsAddresses: true)
        let changes = UserChanges(email: try email("other@example.com"))
        #expect(throws: DomainError.emailNeedsConfirmation) { try users.update(.fixture(2), with: changes, by: ben) }
        // The same address in other letters is no other address.
        _ = try users.update(.fixture(2), with: UserChanges(email: email("BEN@example.com")), by: ben)
        let ada = try world.store(.fixture(1, role: .administrator))
        _ = try users.update(.fixture(2), with: changes, by: ada)
        #expect(try world.user(2)?.email.text == "other@example.com")
    }

    // MARK: - Letters

    @Test func `a token is the same whenever its mail is made, also under an older secret`() throws {
        try service.requestPasswordReset(of: email("ben@example.com"))
        let id = try #require(requested.last)
        let first = try #require(try letters.letter(for: id)?.token)
        #expect(try letters.letter(for: id)?.token == first)
        #expect(try world.letters(secrets: [7, 0]).letter(for: id)?.token == first)
        #expect(try world.letters(secrets: [7]).letter(for: id) == nil, "the secret is not known any more")
    }

    @Test func `a sign-in from where the user is not signed in is told, and no other`() throws {
        world.clock.advance(seconds: 3600)
        let now = world.clock.now()
        let other = SessionOrigin(address: "203.0.113.9", userAgent: "Browser/1.0")
        try world.store(Session.fixture(1, of: .fixture(2), at: now), 1)
        try world.store(Session.fixture(2, of: .fixture(2), at: now), 2)
        try world.store(Session.fixture(3, of: .fixture(2), at: now, origin: other), 3)
        #expect(try letters.notice(ofSignIn: .fixture(1), of: .fixture(2)) == nil)
        let letter = try #require(try letters.notice(ofSignIn: .fixture(3), of: .fixture(2)))
        #expect(letter.kind == .newSignIn)
        #expect(letter.origin == other)
        #expect(try letters.notice(ofSignIn: .fixture(9), of: .fixture(2)) == nil)
    }

    @Test func `the first sign-in to a new account is no news`() throws {
        try world.store(Session.fixture(1, of: .fixture(2), at: .t0.adding(seconds: 599)), 1)
        #expect(try letters.notice(ofSignIn: .fixture(1), of: .fixture(2)) == nil)
    }

    @Test func `a new key and a changed password are told to the present address`() throws {
        try world.unitOfWork.perform { try $0.keys.insert(.fixture(1, of: .fixture(2)), tokenDigest: .fixture(2)) }
        let key = try #require(try letters.notice(ofKey: .fixture(1), of: .fixture(2)))
        #expect(key.subject == "Key 1")
        #expect(try letters.notice(ofKey: .fixture(2), of: .fixture(2)) == nil)
        let letter = try #require(try letters.notice(.passwordChanged, of: .fixture(2), at: .t0))
        #expect(letter.recipient.text == "Ben@example.com")
        #expect(try letters.notice(.passwordChanged, of: .fixture(9), at: .t0) == nil)
    }
}
