import HTTPPipeline
import Testing

struct IdempotencyKeyTests {
    @Test(arguments: [
        ("a", "a"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("\"8e03978e\"", "8e03978e"),
        ("!~", "!~"),
        ("a\"b", "a\"b"),
        ("a\\b", "a\\b"),
        ("\"a\\\"b\\\\\"", "a\"b\\"),
        (String(repeating: "x", count: 255), String(repeating: "x", count: 255)),
    ])
    func `with or without quotation marks it is the same key`(field: String, text: String) {
        #expect(IdempotencyKey(field)?.text == text)
    }

    @Test(arguments: [
        "", "\"", "\"\"", " ", "a b", "\"a b\"", "a\t", "\"a", "\"a\"b\"", "\"a\\\"", "\"a\\b\"", "\"a\";p=1", "a, b",
        "a\u{7F}", "\u{E4}", String(repeating: "x", count: 256), "\"\(String(repeating: "x", count: 256))\"",
    ])
    func `anything else is none`(field: String) {
        #expect(IdempotencyKey(field) == nil)
    }
}
