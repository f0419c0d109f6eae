import JSON
import Testing

struct JSONReaderTests {
    private func read(_ text: String, limits: JSONLimits = .init()) throws(JSONError) -> JSONValue {
        try JSONReader.read(Array(text.utf8), limits: limits)
    }

    private func object(_ members: (String, JSONValue)...) -> JSONValue {
        .object(JSONObject(members.map { .init(name: $0.0, value: $0.1) }))
    }

    // MARK: - What is accepted

    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), (" \t\r\n false \n", .bool(false)),
            ("0", .integer(0)), ("-0", .integer(0)), ("123", .integer(123)), ("-5", .integer(-5)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .unsigned(9_223_372_036_854_775_808)), ("18446744073709551615", .unsigned(.max)),
            ("18446744073709551616", .number(18_446_744_073_709_551_616)),
            ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
            ("99999999999999999999999999", .number(1e26)),
            ("0.1", .number(0.1)), ("-0.0", .number(-0.0)), ("1e2", .number(100)), ("1E+2", .number(100)),
            ("10e-1", .number(1)), ("0e0", .number(0)), ("1.7976931348623157e308", .number(1.7976931348623157e308)),
            ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-999", .number(0)), ("0e999999999999", .number(0)),
            ("\"\"", .string("")), (#""a""#, .string("a")), ("\"\u{7F}\u{2028}\"", .string("\u{7F}\u{2028}")),
            ("[]", .array([])), ("[ ]", .array([])), ("[1]", .array([.integer(1)])),
            ("[ 1 , 2 ]", .array([.integer(1), .integer(2)])), ("[[]]", .array([.array([])])),
            ("{}", .object(JSONObject())), ("{ }", .object(JSONObject())),
        ] as [(String, JSONValue)]
    )
    func `what RFC 8259 allows is read`(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test func `an object keeps the order of its members`() throws {
        let value = try read(#"{"b":1, "a" : {"x":[true,null]} ,"":"z"}"#)
        #expect(
            value == object(("b", .integer(1)), ("a", object(("x", .array([.bool(true), .null])))), ("", .string("z")))
        )
        guard case .object(let members) = value else { return }
        #expect(members["b"] == .integer(1))
        #expect(members[""] == .string("z"))
        #expect(members["c"] == nil)
    }

    @Test(
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u00E9\u20ac\uFFFF""#, "A\u{E9}\u{E9}\u{20AC}\u{FFFF}"),
            (#""\ud83d\ude00 \uD800\uDC00 \uDBFF\uDFFF""#, "\u{1F600} \u{10000} \u{10FFFF}"),
            (#""\u0000""#, "\u{0}"),
            ("\"J\u{FC}rgen \\n \u{1F600}\"", "J\u{FC}rgen \n \u{1F600}"),
            (
                #""a run that is longer than fifteen bytes\tand one behind the escape""#,
                "a run that is longer than fifteen bytes\tand one behind the escape"
            ),
        ]
    )
    func `escapes are resolved`(text: String, expected: String) throws {
        #expect(try read(text) == .string(expected))
    }

    // MARK: - What is refused

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4),
            (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":1,"#, .unexpectedEnd, 7),
            (#"""#, .unexpectedEnd, 1), (#""abc"#, .unexpectedEnd, 4), (#""\"#, .unexpectedEnd, 2),
            (#""\u12"#, .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("x", .valueExpected, 0), ("nulx", .valueExpected, 3), ("True", .valueExpected, 0),
            ("NaN", .valueExpected, 0),
            ("Infinity", .valueExpected, 0), ("+1", .valueExpected, 0), (".5", .valueExpected, 0),
            ("'a'", .valueExpected, 0),
            ("[,1]", .valueExpected, 1), ("[1,]", .valueExpected, 3), ("[1,,2]", .valueExpected, 3),
            ("]", .valueExpected, 0), (#"{"a":}"#, .valueExpected, 5), ("\u{B}1", .valueExpected, 0),
            ("\u{A0}1", .valueExpected, 0), ("// c\n1", .valueExpected, 0),
            ("{a:1}", .nameExpected, 1), ("{1:1}", .nameExpected, 1), (#"{"a":1,}"#, .nameExpected, 7),
            ("{,}", .nameExpected, 1),
            (#"{"a" 1}"#, .colonExpected, 5), (#"{"a",1}"#, .colonExpected, 4),
            ("[1 2]", .commaOrBracketExpected, 3), ("[1}", .commaOrBracketExpected, 2),
            ("[1;2]", .commaOrBracketExpected, 2),
            ("[1x]", .commaOrBracketExpected, 2), ("[0x1]", .commaOrBracketExpected, 2),
            (#"{"a":1]"#, .commaOrBraceExpected, 6), (#"{"a":1 "b":2}"#, .commaOrBraceExpected, 7),
            ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2), ("[]\u{0}", .trailingBytes, 2),
            ("null,", .trailingBytes, 4),
            ("\u{FEFF}1", .byteOrderMark, 0),
            ("\"a\u{0}\"", .controlCharacter, 2), ("\"\n\"", .controlCharacter, 1),
            ("\"\\t\u{1F}\"", .controlCharacter, 3),
            (#""\x""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
            (#""\u00g0""#, .invalidEscape, 1), (#""\u 041""#, .invalidEscape, 1),
            (#""\uD800\u00g0""#, .invalidEscape, 7),
            (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1), (#""a\ud800b""#, .loneSurrogate, 2),
            (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\udc00\ud800""#, .loneSurrogate, 1),
            (#""\ud800\n""#, .loneSurrogate, 1), (#""\ud800\u0041""#, .loneSurrogate, 1),
            ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1), ("00", .invalidNumber, 0),
            ("[-]", .invalidNumber, 2),
            ("[1.]", .invalidNumber, 3), ("[1.e1]", .invalidNumber, 3), ("[1e]", .invalidNumber, 3),
            ("--1", .invalidNumber, 1),
            ("[-a]", .invalidNumber, 2), ("01.5", .invalidNumber, 0),
            ("1e999", .numberOutOfRange, 0), ("[1,-1e309]", .numberOutOfRange, 3),
            (#"{"a":1,"a":1}"#, .duplicateMember("a"), 7), (#"{"a":1,"\u0061":2}"#, .duplicateMember("a"), 7),
        ] as [(String, JSONError.Kind, Int)]
    )
    func `what RFC 8259 forbids is refused at its place`(text: String, kind: JSONError.Kind, offset: Int) {
        let error = #expect(throws: JSONError.self) { try read(text) }
        #expect(error?.kind == kind)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0x80, 0x22], 2), ([0x22, 0xC0, 0xAF, 0x22], 1),
            ([0x22, 0xE2, 0x82, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], 1), ([0x22, 0x5C, 0x6E, 0xC3, 0x22], 3),
            ([0x22, 0xC3, 0x5C, 0x6E, 0x22], 1), ([0x22, 0xC3, 0xA9, 0xC3, 0x22], 3),
        ] as [([UInt8], Int)]
    )
    func `bytes that are not UTF-8 are refused at their place`(bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.offset == offset)
    }

    @Test func `a number of very many digits is read or refused, not guessed`() throws {
        let digits = String(repeating: "9", count: 10_000)
        #expect(throws: JSONError.self) { try read(digits) }
        #expect(try read("0." + digits) == .number(1))
        #expect(try read("0." + String(repeating: "0", count: 10_000) + "1") == .number(0))
    }

    // MARK: - Members of one name

    @Test func `canonically equivalent names are two names`() throws {
        let value = try read("{\"\u{E9}\":1,\"e\u{301}\":2,\"\u{212A}\":3,\"K\":4}")
        guard case .object(let members) = value else { return }
        #expect(members.members.count == 4)
        #expect(members["K"] == .integer(4))
        #expect(members["e\u{301}"] == .integer(2))
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test(arguments: [2, 15, 16, 17, 18, 100])
    func `a name that comes back is found among few and among many`(count: Int) throws {
        let members = (0..<count).map { "\"m\($0)\":\($0)" }
        guard case .object(let object) = try read("{" + members.joined(separator: ",") + "}") else { return }
        #expect(object.members.count == count)
        for index in 0..<count {
            let text = "{" + members.joined(separator: ",") + ",\"m\(index)\":0}"
            let error = #expect(throws: JSONError.self) { try read(text) }
            #expect(error?.kind == .duplicateMember("m\(index)"))
        }
    }

    @Test func `a very large object is read in time proportional to its length`() throws {
        let count = 50_000
        let text = "{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}"
        guard case .object(let object) = try read(text) else { return }
        #expect(object.members.count == count)
    }

    // MARK: - Limits and places

    @Test func `nesting ends at the limit`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try read(nested(32))
        let error = #expect(throws: JSONError.self) { try read(nested(33)) }
        #expect(error?.kind == .tooDeep(limit: 32))
        #expect(error?.offset == 32)
        #expect(try read("1", limits: .init(depth: 0)) == .integer(1))
        #expect(throws: JSONError.self) { try read("{}", limits: .init(depth: 0)) }
        #expect(throws: JSONError.self) { try read(#"{"a":[]}"#, limits: .init(depth: 1)) }
        #expect(throws: JSONError.self) { try read(nested(400_000), limits: .init(depth: .max)) }
        #expect(throws: JSONError.self) {
            try read(String(repeating: #"{"a":"#, count: 100_000), limits: .init(depth: .max))
        }
        _ = try read(nested(256), limits: .init(depth: .max))
    }

    @Test func `a text longer than the limit is refused`() throws {
        #expect(try read("[1]", limits: .init(bytes: 3)) == .array([.integer(1)]))
        let error = #expect(throws: JSONError.self) { try read("[1] ", limits: .init(bytes: 3)) }
        #expect(error?.kind == .tooLarge(limit: 3))
        #expect(throws: JSONError.self) { try read("1", limits: .init(bytes: -1)) }
    }

    @Test func `an error tells line and column`() {
        let error = #expect(throws: JSONError.self) { try read("{\n  \"\u{FC}\u{1F600}\" 1\n}") }
        #expect(error?.offset == 13)
        #expect(error?.line == 2)
        #expect(error?.column == 8)
        #expect(error?.message == "Line 2, column 8: a colon must follow the name of a member.")
        let first = #expect(throws: JSONError.self) { try read("") }
        #expect(first?.message == "Line 1, column 1: the text ends too early.")
    }

    @Test func `a message holds a name only in part`() {
        let name = String(repeating: "n", count: 1_000)
        let error = #expect(throws: JSONError.self) { try read("{\"\(name)\":1,\"\(name)\":2}") }
        #expect((error?.message.utf8.count ?? 0) < 150)
    }
}
