import Cryptography
import Domain
import Security
import Testing

struct SecurityPartsTests {
    init() throws {
        try CryptographyLibrary.initialize()
    }

    @Test func `a token's digest is its SHA-256`() {
        let digest = SHA256TokenDigests().digest(of: "abc")
        #expect(digest.bytes.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        #expect(digest.bytes.count == 32)
    }

    @Test func `random bits differ each time, and all of them vary`() {
        let source = SecureRandomSource()
        let draws = (0..<1000).map { _ in source.next() }
        #expect(Set(draws).count == 1000)
        #expect(draws.reduce(0, |) == .max)
        #expect(draws.reduce(.max, &) == 0)
    }
}
