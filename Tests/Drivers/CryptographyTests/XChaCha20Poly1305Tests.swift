import Cryptography
import Testing

struct XChaCha20Poly1305Tests {
    private let key = (0..<32).map { UInt8($0) }
    private let context = Array("context".utf8)

    init() throws {
        try CryptographyLibrary.initialize()
    }

    @Test(arguments: [0, 1, 15, 16, 17, 10_000])
    func `what was sealed is opened, and is longer by nonce and tag`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = XChaCha20Poly1305.seal(bytes, key: key, context: context)
        #expect(sealed.count == count + 40)
        #expect(XChaCha20Poly1305.open(sealed, key: key, context: context) == bytes)
    }

    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    @Test func `the draft's example is opened`() {
        func bytes(_ hex: String) -> [UInt8] {
            let digits = hex.compactMap(\.hexDigitValue)
            return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        }
        let nonce = bytes("404142434445464748494a4b4c4d4e4f5051525354555657")
        let text = bytes(
            """
            bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b7\
            2e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e
            """
        )
        let tag = bytes("c0875924c1c7987947deafd8780acf49")
        let opened = XChaCha20Poly1305.open(
            nonce + text + tag,
            key: bytes("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
            context: bytes("50515253c0c1c2c3c4c5c6c7")
        )
        #expect(
            opened.map { String(decoding: $0, as: UTF8.self) }?.hasPrefix("Ladies and Gentlemen of the class") == true
        )
    }

    @Test func `the same is never sealed to the same`() {
        let sealed = (0..<100).map { _ in XChaCha20Poly1305.seal([1, 2, 3], key: key, context: context) }
        #expect(Set(sealed).count == 100)
    }

    @Test func `whatever is changed, it is not opened`() {
        let sealed = XChaCha20Poly1305.seal([1, 2, 3], key: key, context: context)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(XChaCha20Poly1305.open(changed, key: key, context: context) == nil)
        }
        #expect(XChaCha20Poly1305.open(sealed, key: key.reversed(), context: context) == nil)
        #expect(XChaCha20Poly1305.open(sealed, key: key, context: []) == nil)
        for count in 0..<sealed.count {
            #expect(XChaCha20Poly1305.open(Array(sealed.prefix(count)), key: key, context: context) == nil)
        }
    }
}
