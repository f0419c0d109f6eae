import Domain
import TestSupport
import Testing

struct SessionTokenTests {
    /// Gives 64-bit words from a list, the bits of which must turn up in the text.
    private struct GivenRandom: RandomSource {
        final class Words {
            var left: [UInt64]
            init(_ words: [UInt64]) { left = words }
        }
        let words: Words

        func next() -> UInt64 { words.left.removeFirst() }
    }

    private func token(_ words: UInt64...) -> SessionToken {
        SessionToken(from: GivenRandom(words: GivenRandom.Words(words)))
    }

    @Test func `a token is its prefix and 256 bits in base64url`() {
        #expect(token(0, 0, 0, 0).text == "gh_s_" + String(repeating: "A", count: 43))
        #expect(token(.max, .max, .max, .max).text == "gh_s_" + String(repeating: "_", count: 42) + "8")
        // Python: base64.urlsafe_b64encode(bytes(range(32)))
        let counted = token(0x0001_0203_0405_0607, 0x0809_0A0B_0C0D_0E0F, 0x1011_1213_1415_1617, 0x1819_1A1B_1C1D_1E1F)
        #expect(counted.text == "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    }

    @Test func `no two tokens are alike, and each is read back`() {
        let random = SeededRandom()
        let tokens = (0..<500).map { _ in SessionToken(from: random) }
        #expect(Set(tokens).count == 500)
        for token in tokens {
            #expect(SessionToken(token.text) == token)
        }
    }

    @Test(arguments: [
        "",
        "gh_s_",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "gh_k_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "GH_S_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh/",
        "gh_s_ AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        " gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "gh_s_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        "gh_s_\u{C1}AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    ])
    func `what was never given out is no token`(text: String) {
        #expect(SessionToken(text) == nil)
    }
}
