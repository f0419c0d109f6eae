import Base64
import Testing

/// Binary data as text.
struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the texts of the standard come out`(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        let unpadded = String(text.prefix { $0 != "=" })
        #expect(Base64URL.encode(Array(plain.utf8)) == unpadded)
        #expect(Base64URL.decode(unpadded) == Array(plain.utf8))
    }

    @Test func `the alphabets differ in two digits`() {
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "+/8", "Zm 9v"])
    func `what no bytes have is not read`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
