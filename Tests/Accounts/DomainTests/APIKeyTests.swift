import Domain
import TestSupport
import Testing

struct APIKeyTests {
    @Test func `a token is told from that of a session by its prefix`() {
        let token = APIKeyToken(from: SeededRandom())
        #expect(token.text.hasPrefix("gh_k_"))
        #expect(APIKeyToken(token.text) == token)
        #expect(SessionToken(token.text) == nil)
        #expect(APIKeyToken(SessionToken(from: SeededRandom()).text) == nil)
        #expect("\(token)" == "APIKeyToken(hidden)")
    }

    @Test func `a name has 1 to 100 characters`() throws {
        #expect(throws: InvalidValue.keyNameLength) { try APIKeyName("") }
        #expect(throws: InvalidValue.keyNameLength) { try APIKeyName(String(repeating: "a", count: 101)) }
        #expect(throws: InvalidValue.keyNameLength) { try APIKeyName(String(repeating: "\u{1F511}", count: 101)) }
        #expect(throws: InvalidValue.nameContainsNull) { try APIKeyName("a\0b") }
        #expect(try APIKeyName(String(repeating: "\u{1F511}", count: 100)).text.utf8.count == 400)
        #expect(try APIKeyName("e\u{301}") != APIKeyName("\u{E9}"))
    }

    @Test func `a key is over from its last instant on, or never`() {
        let ending = APIKey.fixture(1, expiresAt: .t0)
        #expect(!ending.isOver(at: Timestamp(microseconds: Timestamp.t0.microseconds - 1)))
        #expect(ending.isOver(at: .t0))
        #expect(!APIKey.fixture(1).isOver(at: Timestamp(microseconds: .max)))
    }

    @Test func `use is noted the first time, and then after five minutes`() {
        var key = APIKey.fixture(1)
        #expect(key.needsTouch(at: .t0))
        key.lastUsedAt = .t0
        #expect(!key.needsTouch(at: .t0.adding(seconds: 299)))
        #expect(key.needsTouch(at: .t0.adding(seconds: 300)))
    }
}
