import Domain
import TestSupport
import Testing

struct UUIDTests {
    /// The example of RFC 9562, appendix A.6.
    private let example = UUID(milliseconds: 0x017F_22E2_79B0, random: (0xCC3, 0x18C4_DC0C_0C07_398F))

    @Test func `version 7 holds the milliseconds, the version, the variant and the random bits`() {
        #expect(example.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `random bits cannot touch the version and the variant`() {
        let full = UUID(milliseconds: 0x017F_22E2_79B0, random: (.max, .max))
        #expect(full.description == "017f22e2-79b0-7fff-bfff-ffffffffffff")
    }

    @Test func `a later millisecond makes a greater id`() {
        let random = SeededRandom()
        let ids = (0..<100).map { UserID(at: .t0.adding(seconds: $0), from: random) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 100)
    }

    @Test func `an id of an instant before the epoch begins with zeros`() {
        let uuid = UUID(at: Timestamp(microseconds: -1), from: SeededRandom())
        #expect(uuid.description.hasPrefix("00000000-0000-7"))
    }

    @Test(arguments: ["017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-7cc3-98c4-dc0c0c07398F"])
    func `text in either case is read`(text: String) {
        #expect(UUID(text) == example)
        #expect(UUID(utf8: Array(text.utf8)) == example)
        #expect(UserID(text)?.uuid == example)
        #expect(SessionID(text)?.uuid == example)
    }

    @Test(arguments: [
        "",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ",
        " 017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "+17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "\u{FF10}17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ])
    func `any other text is none`(text: String) {
        #expect(UUID(text) == nil)
        #expect(UserID(text) == nil)
    }

    @Test func `every bit survives the way through text`() {
        for shift in 0..<64 as Range<UInt64> {
            for uuid in [UUID(high: 1 << shift, low: 0), UUID(high: 0, low: 1 << shift)] {
                #expect(UUID(uuid.description) == uuid)
            }
        }
    }

    @Test func `ids are ordered as their text is`() {
        let random = SeededRandom()
        let uuids = (0..<200).map { _ in UUID(high: random.next(), low: random.next()) }
        #expect(uuids.sorted().map(\.description) == uuids.map(\.description).sorted())
        #expect(UUID(high: 1, low: 1) < UUID(high: 1, low: 2))
    }
}
