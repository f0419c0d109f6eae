import HTTPPipeline
import JSON
import Testing

struct ObjectSchemaTests {
    private static let name = Member<String>(string: "name", .string(length: 2...5))
    private static let age = Member<Int>(integer: "age", 0...150)
    private static let deep = Member<Bool>(boolean: "deep")
    private static let role = Member<String>(string: "role", .choice(["member", "admin"]))
    private static let even = Member<Int>("even", .integer(0...100)) { value throws(MemberRefusal) in
        guard case .integer(let number) = value, number % 2 == 0 else { throw MemberRefusal("must be even") }
        return Int(number)
    }

    private let schema = ObjectSchema([
        .required(name), .optional(age), .optional(deep), .optional(role), .optional(even),
    ])

    private func read(_ json: String, by schema: ObjectSchema? = nil) throws -> MemberValues {
        try (schema ?? self.schema).read(try JSONReader.read(Array(json.utf8)))
    }

    private func refusal(_ json: String, by schema: ObjectSchema? = nil) throws -> HTTPError? {
        try httpError { _ = try read(json, by: schema) }
    }

    @Test func `values come with their types`() throws {
        let values = try read(#"{"even": 4, "deep": false, "role": "admin", "age": 0, "name": "Ada"}"#)
        #expect(try values.value(of: Self.name) == "Ada")
        #expect(values[Self.age] == 0)
        #expect(values[Self.deep] == false)
        #expect(values[Self.role] == "admin")
        #expect(values[Self.even] == 4)
    }

    @Test func `what is left out has no value`() throws {
        let values = try read(#"{"name": "Ada"}"#)
        #expect(values[Self.age] == nil)
        #expect(try httpError { _ = try values.value(of: Self.age) }?.code == .internal)
        #expect(try read("{}", by: ObjectSchema([.optional(Self.age)])).isEmpty)
    }

    @Test(arguments: ["null", "[]", "7", "\"{}\"", "true", "[{\"name\": \"Ada\"}]"])
    func `what is no object is refused`(json: String) throws {
        let error = try refusal(json)
        #expect(error?.code == .validation)
        #expect(error?.message == "The body must be a JSON object.")
        #expect(error?.details == [])
    }

    @Test func `all faults are told at once, in the order of the schema, unknown members last`() throws {
        let error = try refusal(#"{"x": 1, "even": 3, "role": "root", "deep": 1, "age": -1, "Name": "Ada"}"#)
        #expect(error?.code == .validation)
        #expect(error?.message == "Invalid input")
        #expect(
            error?.lines == [
                "name: is required", "age: must be from 0 to 150", "deep: must be true or false",
                "role: must be one of: member, admin", "even: must be even", "x: is not known here",
                "Name: is not known here",
            ]
        )
    }

    @Test(
        arguments: [
            ("null", "must be a string"), ("1", "must be a string"), ("[\"Ada\"]", "must be a string"),
            ("\"\"", "must not be empty"), ("\"a\"", "must have at least 2 characters"),
            ("\"abcdef\"", "must have at most 5 characters"), (#""a\u0000b""#, "must not contain U+0000"),
        ]
    )
    func `a string that is not as declared is refused`(value: String, message: String) throws {
        #expect(try refusal("{\"name\": \(value)}")?.lines == ["name: \(message)"])
    }

    @Test(
        arguments: [
            ("null", "must be a whole number"), ("1.5", "must be a whole number"), ("\"1\"", "must be a whole number"),
            ("151", "must be from 0 to 150"), ("-1", "must be from 0 to 150"),
            ("9223372036854775808", "must be from 0 to 150"), ("1e400000", nil),
        ] as [(String, String?)]
    )
    func `a number that is not as declared is refused`(value: String, message: String?) throws {
        guard let message else {
            #expect(throws: JSONError.self) { try read("{\"age\": \(value)}") }
            return
        }
        #expect(try refusal("{\"name\": \"Ada\", \"age\": \(value)}")?.lines == ["age: \(message)"])
    }

    @Test(
        arguments: [
            // Five code points each: of four bytes; a letter with four marks, which is one grapheme; a family.
            String(repeating: "\u{1F600}", count: 5), "e\u{301}\u{302}\u{303}\u{304}",
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F466}", "\r\n\r\n\r",
        ]
    )
    func `lengths count code points, not letters and not bytes`(text: String) throws {
        #expect(text.unicodeScalars.count == 5)
        let schema = ObjectSchema([.required(Self.name)])
        func object(_ text: String) -> JSONValue { .object(JSONObject([.init(name: "name", value: .string(text))])) }
        #expect(try schema.read(object(text)).value(of: Self.name).utf8.elementsEqual(text.utf8))
        let longer = try httpError { _ = try schema.read(object(text + "x")) }
        #expect(longer?.lines == ["name: must have at most 5 characters"])
        let one = try httpError { _ = try schema.read(object("\u{1F600}")) }
        #expect(one?.lines == ["name: must have at least 2 characters"])
    }

    @Test func `a name that only looks like a member's is unknown`() throws {
        // U+212A, the Kelvin sign, is canonically equivalent to the letter K.
        let schema = ObjectSchema([.optional(Member<String>(string: "K", .string(length: 0...5)))])
        #expect(try refusal("{\"\u{212A}\": \"x\"}", by: schema)?.lines == ["\u{212A}: is not known here"])
    }

    @Test func `a thousand unknown members are refused by a short answer`() throws {
        let json = "{" + (0..<1000).map { "\"u\($0)\": 1" }.joined(separator: ",") + "}"
        let error = try refusal(json)
        #expect(error?.code == .validation)
        #expect((error?.details.count ?? 0) <= 110)
    }

    @Test func `an unknown member behind a hundred known ones is refused`() throws {
        let members = (0..<150).map { Member<Int>(integer: "m\($0)", 0...9) }
        let schema = ObjectSchema(members.map { .optional($0) })
        let known = members.map { "\"\($0.name)\": 1" }.joined(separator: ",")
        #expect(try read("{\(known)}", by: schema)[members[149]] == 1)
        #expect(try refusal("{\(known), \"x\": 1}", by: schema)?.lines == ["x: is not known here"])
    }
}
