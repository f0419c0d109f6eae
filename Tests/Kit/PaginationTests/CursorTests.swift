import Pagination
import Testing

/// Tags that anybody could make, by numbered keys.
private struct NumberedKeys: CursorSigning {
    var keys: [UInt8] = [1]

    func sign(_ bytes: [UInt8]) -> [UInt8] { Self.tag(bytes, keys[0]) }

    func verify(_ bytes: [UInt8], tag: [UInt8]) -> Bool {
        keys.contains { Self.tag(bytes, $0).starts(with: tag) }
    }

    private static func tag(_ bytes: [UInt8], _ key: UInt8) -> [UInt8] {
        (0..<32).map { lane in bytes.reduce(key &+ lane) { $0 &* 31 &+ $1 } }
    }
}

struct CursorTests {
    private let list = ListIdentity(order: 1, filters: [("role", "admin")])
    private let cursor = Cursor(.after, values: [.integer(-1_767_323_045_678_901), .bytes([0, 255, 7])])

    private func read(_ text: String, in list: ListIdentity? = nil, keys: [UInt8] = [1]) -> Cursor? {
        Cursor(text, in: list ?? self.list, signing: NumberedKeys(keys: keys))
    }

    @Test(
        arguments: [
            [], [.integer(.min), .integer(.max), .integer(0)], [.bytes([])], [.bytes(Array(repeating: 9, count: 1000))],
        ] as [[Cursor.Value]]
    )
    func `a cursor comes back as it was made, at full precision`(values: [Cursor.Value]) {
        for direction in [.after, .before] as [Cursor.Direction] {
            let cursor = Cursor(direction, values: values)
            let text = cursor.text(in: list, signing: NumberedKeys())
            #expect(read(text) == cursor)
            #expect(!text.contains { "+/=".contains($0) })
        }
    }

    @Test func `a cursor of another order or another filter is none`() {
        let text = cursor.text(in: list, signing: NumberedKeys())
        #expect(read(text, in: ListIdentity(order: 2, filters: [("role", "admin")])) == nil)
        #expect(read(text, in: ListIdentity(order: 1, filters: [("role", "member")])) == nil)
        #expect(read(text, in: ListIdentity(order: 1, filters: [])) == nil)
        #expect(read(text, in: ListIdentity(order: 1, filters: [("rolead", "min")])) == nil)
    }

    @Test func `a text with any character changed, taken away or added is none`() {
        let text = Array(cursor.text(in: list, signing: NumberedKeys()))
        for index in text.indices {
            var changed = text
            changed[index] = text[index] == "A" ? "B" : "A"
            #expect(read(String(changed)) == nil)
            changed.remove(at: index)
            #expect(read(String(changed)) == nil)
        }
        #expect(read(String(text) + "A") == nil)
        #expect(read(String(text) + "=") == nil)
        #expect(read(" " + String(text)) == nil)
    }

    @Test(arguments: ["", "A", "AA", "AAAA", "!!!!", "\u{E9}", String(repeating: "A", count: 4096)])
    func `what never was a cursor is none`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `cursors outlive their key until it is taken away`() {
        let text = cursor.text(in: list, signing: NumberedKeys(keys: [1]))
        #expect(read(text, keys: [2, 1]) == cursor)
        #expect(read(text, keys: [2]) == nil)
        let newer = cursor.text(in: list, signing: NumberedKeys(keys: [2, 1]))
        #expect(read(newer, keys: [2]) == cursor)
    }

    @Test func `a tag that is right does not make bytes a cursor`() {
        // Signed as it is, but with a direction that does not exist, a value cut short, and bytes behind the end.
        let keys = NumberedKeys()
        let whole = Cursor(.after, values: []).text(in: list, signing: keys)
        #expect(read(whole) != nil)
        for values in [[Cursor.Value.bytes([1, 2])], [.integer(1)]] {
            let other = ListIdentity(order: 0, filters: [])
            #expect(read(Cursor(.before, values: values).text(in: other, signing: keys)) == nil)
        }
    }
}
