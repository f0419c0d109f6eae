import JSON
import Testing

struct CanonicalTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSONReader.read(Array(text.utf8)).canonicalBytes, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"b": 1, "a": [true, null, {"d": "x", "c": {}}]}"#, #"{"a":[true,null,{"c":{},"d":"x"}],"b":1}"#),
        (#"{"a": 1.0, "b": 1e2, "c": -0.0, "d": 0.5}"#, #"{"a":1,"b":100,"c":0,"d":0.5}"#),
        (#""A\u00e4\n""#, #""Aä\n""#),  // not ASCII: what an escape stands for
        ("18446744073709551615", "18446744073709551615"),
        (#"{"é": 1, "z": 2, "": 3}"#, #"{"":3,"z":2,"é":1}"#),  // not ASCII: sorted by bytes
    ])
    func `texts that say the same have the same bytes`(text: String, expected: String) throws {
        #expect(try canonical(text) == expected)
        #expect(try canonical(expected) == expected)
    }

    @Test(arguments: [("[1, 2]", "[2, 1]"), (#""1""#, "1"), ("null", "false"), (#"{"a": 1}"#, #"{"A": 1}"#)])
    func `texts that say something else do not`(one: String, other: String) throws {
        #expect(try canonical(one) != canonical(other))
    }
}
