import JSON
import Testing

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 0)
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `commas and colons stand where they belong`() {
        let text = written { writer in
            writer.object { writer in
                writer.member("id", 7)
                writer.object("empty") { _ in }
                writer.array("none") { _ in }
                writer.array("list") { writer in
                    writer.write(1)
                    writer.object { writer in writer.member("a", true) }
                    writer.array { writer in writer.null() }
                    writer.string("x")
                }
                writer.member("last") { writer in writer.write("y") }
            }
        }
        #expect(text == #"{"id":7,"empty":{},"none":[],"list":[1,{"a":true},[null],"x"],"last":"y"}"#)
    }

    @Test func `a member closure that writes nothing gives null`() {
        let text = written { writer in
            writer.object { writer in
                writer.member("a") { _ in }
                writer.member(escaping: "b") { _ in }
                writer.member("c", 1)
            }
        }
        #expect(text == #"{"a":null,"b":null,"c":1}"#)
    }

    @Test func `optionals and arrays write themselves`() {
        let text = written { writer in
            writer.object { writer in
                writer.member("some", Optional("x"))
                writer.member("none", Int?.none)
                writer.member("list", [1, nil, 3])
            }
        }
        #expect(text == #"{"some":"x","none":null,"list":[1,null,3]}"#)
    }

    @Test(
        arguments: [
            ("", #""""#),
            ("plain", #""plain""#),
            ("a\"b\\c/d", #""a\"b\\c/d""#),
            ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
            ("\u{0}\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
            ("J\u{FC}rgen \u{1F600}\u{2028}", "\"J\u{FC}rgen \u{1F600}\u{2028}\""),
            ("a string of more than fifteen bytes", #""a string of more than fifteen bytes""#),
            ("a string of more than fifteen bytes\n", #""a string of more than fifteen bytes\n""#),
            ("\"", #""\"""#),
        ]
    )
    func `a string is escaped where it must be and nowhere else`(text: String, expected: String) {
        #expect(written { $0.string(text) } == expected)
        #expect(written { $0.string(utf8: text.utf8.span) } == expected)
    }

    @Test func `every single byte that needs an escape gets one at every place of a long string`() {
        for byte in UInt8(0)...127 {
            for place in [0, 1, 15, 16, 17, 31, 40] {
                var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 41)
                bytes[place] = byte
                let text = String(decoding: bytes, as: UTF8.self)
                let json = written { $0.string(text) }
                #expect(json.utf8.allSatisfy { $0 >= 0x20 })
                #expect((try? JSONReader.read(Array(json.utf8))) == .string(text))
            }
        }
    }

    @Test func `bytes that are not UTF-8 are replaced`() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x22, 0xC3, 0x28, 0xED, 0xA0, 0x80]
        let text = written { $0.string(utf8: bytes.span) }
        #expect(text == "\"a\u{FFFD}\\\"\u{FFFD}(\u{FFFD}\u{FFFD}\u{FFFD}\"")
    }

    @Test func `integers are written with all digits`() {
        #expect(written { $0.write(0) } == "0")
        #expect(written { $0.write(-1) } == "-1")
        #expect(written { $0.write(Int64.min) } == "-9223372036854775808")
        #expect(written { $0.write(Int64.max) } == "9223372036854775807")
        #expect(written { $0.write(UInt64.max) } == "18446744073709551615")
        #expect(written { $0.write(Int8.min) } == "-128")
        #expect(written { $0.integer(Int128.min) } == "-170141183460469231731687303715884105728")
        for power in 0..<19 {
            let value = (0..<power).reduce(1) { product, _ in product * 10 }
            #expect(written { $0.write(value) } == String(value))
            #expect(written { $0.write(value - 1) } == String(value - 1))
        }
    }

    @Test func `doubles are written shortest, and null where JSON has no number`() {
        #expect(written { $0.write(0.1) } == "0.1")
        #expect(written { $0.write(-0.0) } == "-0.0")
        #expect(written { $0.write(Double.leastNonzeroMagnitude) } == "5e-324")
        #expect(written { $0.write(1.7976931348623157e308) } == "1.7976931348623157e+308")
        #expect(written { $0.write(1e21) } == "1e+21")
        #expect(written { $0.write([Double.nan, .infinity, -.infinity]) } == "[null,null,null]")
    }

    @Test func `raw JSON and timestamps stand as they are`() {
        let text = written { writer in
            writer.object { writer in
                writer.member("raw", raw: Array(#"{"a":1}"#.utf8))
                writer.member("at", timestamp: 1_795_259_533_123_456)
                writer.array("both") { writer in
                    writer.raw("1".utf8.span)
                    writer.timestamp(microseconds: 0)
                }
            }
        }
        let both = #"[1,"1970-01-01T00:00:00.000000Z"]"#
        #expect(text == #"{"raw":{"a":1},"at":"2026-11-21T11:12:13.123456Z","both":"# + both + "}")
    }

    @Test func `a name from input is escaped`() {
        let text = written { writer in
            writer.object { writer in
                writer.member(escaping: "a\"b", 1)
                writer.member(escaping: "", 2)
            }
        }
        #expect(text == #"{"a\"b":1,"":2}"#)
    }

    @Test func `lines follow one another and the buffer is used again`() {
        var writer = JSONWriter()
        writer.object { $0.member("n", 1) }
        writer.newline()
        writer.write(2)
        writer.newline()
        #expect(writer.bytes == Array("{\"n\":1}\n2\n".utf8))
        #expect(writer.count == 10)
        writer.removeAll()
        writer.write("x")
        #expect(writer.bytes == Array("\"x\"".utf8))
        writer.removeAll(keepingCapacity: false)
        #expect(writer.bytes.isEmpty)
    }

    @Test func `an error of a closure passes through with its type`() {
        struct Refused: Error, Equatable {}
        var writer = JSONWriter()
        #expect(throws: Refused()) {
            try writer.object { (writer) throws(Refused) in
                writer.member("a", 1)
                throw Refused()
            }
        }
    }
}
