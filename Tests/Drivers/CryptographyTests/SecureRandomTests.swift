import Cryptography
import Testing

struct SecureRandomTests {
    @Test func `bytes come in the number asked for and differ each time`() throws {
        try CryptographyLibrary.initialize()
        #expect(SecureRandom.bytes(0) == [])
        for count in [1, 16, 32, 1000] { #expect(SecureRandom.bytes(count).count == count) }
        let draws = (0..<1000).map { _ in SecureRandom.bytes(16) }
        #expect(Set(draws).count == 1000)
        #expect(Set(draws.joined()).count == 256)
    }
}
