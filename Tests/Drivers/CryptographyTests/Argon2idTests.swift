import Cryptography
import Testing

struct Argon2idTests {
    /// Cheap enough for tests: 64 KiB, one pass.
    private let cheap = Argon2id(memory: 64 << 10, passes: 1)

    init() throws {
        try CryptographyLibrary.initialize()
    }

    // Made with the reference implementation (libargon2, by Python's argon2-cffi).
    @Test(arguments: [
        (
            "correct horse",
            "$argon2id$v=19$m=8192,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$O8OCkAvhpQhmReVkNUjdbJd0jPyUmAqlZerzPg8/0Ps"
        ),
        ("", "$argon2id$v=19$m=8192,t=1,p=1$ZmVkY2JhOTg3NjU0MzIxMA$zJvGY8kqGzWDDYhKJjkSq0HJ7EbL6ZGiKb9ZSovFwh0"),
        (
            "p\u{E4}ss\u{1F600}",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$dCTRiAOn0A2phaG/1DiV2h8S5IAy8/ShZY6Xp/0UYWY"
        ),
    ])
    func `a hash of another implementation is verified`(password: String, hash: String) {
        #expect(Argon2id.verify(Array(password.utf8), against: hash))
        #expect(!Argon2id.verify(Array("\(password)x".utf8), against: hash))
        #expect(!Argon2id.verify([0] + Array(password.utf8), against: hash))
    }

    @Test func `a hash carries its parameters and a fresh salt`() throws {
        let hash = try cheap.hash(Array("secret".utf8))
        #expect(hash.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(Argon2id.verify(Array("secret".utf8), against: hash))
        #expect(!Argon2id.verify(Array("Secret".utf8), against: hash))
        #expect(try cheap.hash(Array("secret".utf8)) != hash)
    }

    @Test func `a decoy has the form and the cost of a hash, and is of no password`() throws {
        let decoy = cheap.decoy()
        let hash = try cheap.hash(Array("secret".utf8))
        #expect(decoy.split(separator: "$").map(\.count) == hash.split(separator: "$").map(\.count))
        #expect(decoy.split(separator: "$").dropLast(2) == hash.split(separator: "$").dropLast(2))
        #expect(!cheap.needsRehash(decoy))
        #expect(!Argon2id.verify(Array("secret".utf8), against: decoy))
        #expect(cheap.decoy() != decoy)
        // It is hashed for all the same: where the memory is not there, no verification can be quick.
        let costly = Argon2id(memory: 64 << 20, passes: 1)
        let clock = ContinuousClock()
        let took = clock.measure { _ = Argon2id.verify([1], against: costly.decoy()) }
        // The least of some: what else the machine does only adds.
        let cheapTook = (0..<20).map { _ in clock.measure { _ = Argon2id.verify([1], against: decoy) } }.min()
        #expect(took > (cheapTook ?? took) * 10)
    }

    @Test func `the default is 19 MiB and two passes`() throws {
        #expect(try Argon2id().hash([1]).hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }

    @Test func `an empty password is hashed like any other`() throws {
        let hash = try cheap.hash([])
        #expect(Argon2id.verify([], against: hash))
        #expect(!Argon2id.verify([0], against: hash))
    }

    @Test func `a password may hold any bytes, and counts to its end`() throws {
        let password = [UInt8](0...255) + [UInt8](repeating: 0, count: 800)
        let hash = try cheap.hash(password)
        #expect(Argon2id.verify(password, against: hash))
        #expect(!Argon2id.verify(password.dropLast(), against: hash))
    }

    @Test func `other parameters need another hash`() throws {
        let hash = try cheap.hash([1])
        #expect(!cheap.needsRehash(hash))
        #expect(Argon2id(memory: 128 << 10, passes: 1).needsRehash(hash))
        #expect(Argon2id(memory: 64 << 10, passes: 2).needsRehash(hash))
    }

    @Test(arguments: [
        "", "x", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=18$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$O8OCkAvhpQhmReVkNUjdbJd0jPyUmAqlZerzPg8/0Ps",
    ])
    func `what is no hash matches nothing and needs another`(text: String) {
        #expect(!Argon2id.verify([], against: text))
        #expect(cheap.needsRehash(text))
    }

    @Test func `memory that is not there is an error`() {
        #expect(throws: Argon2id.OutOfMemory.self) { try Argon2id(memory: 1 << 41, passes: 1).hash([1]) }
    }
}
