import Cryptography
import Domain
import Security
import Testing

struct ReceiptSealingTests {
    private let keys: InstanceKeys
    private let request = ReceiptKey(bytes: Array(repeating: 1, count: 16))

    init() throws {
        try CryptographyLibrary.initialize()
        keys = InstanceKeys()
    }

    @Test func `an answer is opened for its own request only, and by this instance only`() {
        let sealing = InstanceReceiptSealing(keys)
        let sealed = sealing.seal(Array("a token".utf8), for: request)
        #expect(sealing.open(sealed, for: request) == Array("a token".utf8))
        #expect(sealing.open(sealed, for: ReceiptKey(bytes: Array(repeating: 2, count: 16))) == nil)
        #expect(InstanceReceiptSealing(InstanceKeys()).open(sealed, for: request) == nil)
    }

    @Test func `a rotation of the secrets makes nothing unreadable, and no fingerprint another`() {
        let before = InstanceReceiptSealing(keys)
        let after = InstanceReceiptSealing(keys.rotated())
        let sealed = before.seal([1, 2, 3], for: request)
        #expect(after.open(sealed, for: request) == [1, 2, 3])
        let body = Array("a body".utf8)
        #expect(after.fingerprint(of: body).matches(before.fingerprint(of: body).stored))
        #expect(after.fingerprint(of: body).stored != before.fingerprint(of: body).stored)
        #expect(!after.fingerprint(of: Array("another".utf8)).matches(before.fingerprint(of: body).stored))
    }

    @Test func `keys have their size, and differ with what they are of`() {
        let sealing = InstanceReceiptSealing(keys)
        #expect(sealing.key(of: [1]).bytes.count == ReceiptKey.size)
        #expect(sealing.key(of: [1]) == InstanceReceiptSealing(InstanceKeys()).key(of: [1]))
        #expect(sealing.key(of: [1]) != sealing.key(of: [2]))
    }
}
