import HTTPPipeline
import JSON
import Testing

struct QuerySchemaTests {
    private static let page = Member<Int>(integer: "page", 1...Int64.max)
    private static let size = Member<Int>(integer: "per_page", 1...100)
    private static let name = Member<String>(string: "name", .string(length: 1...5))
    private static let role = Member<String>(string: "role", .choice(["member", "admin"]))
    private static let deep = Member<Bool>(boolean: "deep")

    private let schema = QuerySchema([
        .optional(page), .optional(size), .optional(name), .optional(role), .optional(deep),
    ])

    private func refusal(_ query: String, by schema: QuerySchema? = nil) throws -> HTTPError? {
        try httpError { _ = try (schema ?? self.schema).read(Array(query.utf8)) }
    }

    @Test func `values come with their types`() throws {
        let values = try schema.read(Array("page=2&per_page=100&name=Ada&role=admin&deep=true".utf8))
        #expect(values[Self.page] == 2)
        #expect(values[Self.size] == 100)
        #expect(values[Self.name] == "Ada")
        #expect(values[Self.role] == "admin")
        #expect(values[Self.deep] == true)
        #expect(!values.isEmpty)
    }

    @Test(arguments: ["", "&", "&&&"])
    func `an empty query has no values`(query: String) throws {
        let values = try schema.read(Array(query.utf8))
        #expect(values.isEmpty)
        #expect(values[Self.page] == nil)
    }

    @Test(
        arguments: [
            ("name=a+b", "a b"), ("name=a%2Bb", "a+b"), ("name=%20", " "), ("n%61me=x", "x"), ("name=a=b", "a=b"),
            ("name=%26", "&"), ("name=%E2%82%AC", "\u{20AC}"), ("&name=x&", "x"), ("name=a;b", "a;b"), ("name=?", "?"),
            ("name=%3d", "="),
        ]
    )
    func `names and values are decoded as forms encode them`(query: String, value: String) throws {
        #expect(try schema.read(Array(query.utf8))[Self.name] == value)
    }

    @Test func `lengths count code points`() throws {
        let five = String(repeating: "%F0%9F%98%80", count: 5)
        #expect(try schema.read(Array("name=\(five)".utf8))[Self.name]?.unicodeScalars.count == 5)
        #expect(try refusal("name=\(five)a")?.lines == ["name: must have at most 5 characters"])
    }

    @Test(
        arguments: [
            ("page=0", "page: must be 1 or more"), ("page=-1", "page: must be 1 or more"),
            ("page=", "page: must be a whole number"), ("page", "page: must be a whole number"),
            ("page=+1", "page: must be a whole number"), ("page=%2B1", "page: must be a whole number"),
            ("page=1.0", "page: must be a whole number"), ("page=1e2", "page: must be a whole number"),
            ("page=%201", "page: must be a whole number"), ("page=0x1", "page: must be a whole number"),
            ("per_page=101", "per_page: must be from 1 to 100"), ("role=ADMIN", "role: must be one of: member, admin"),
            ("role=", "role: must be one of: member, admin"), ("name=", "name: must not be empty"),
            ("name=%00", "name: must not contain U+0000"), ("deep=1", "deep: must be true or false"),
            ("deep=TRUE", "deep: must be true or false"), ("page=1&page=1", "page: is given more than once"),
            ("page=1&p%61ge=2", "page: is given more than once"),
            ("page=99999999999999999999", "page: must be a whole number"),
        ]
    )
    func `a value that is not as declared is refused`(query: String, line: String) throws {
        let error = try refusal(query)
        #expect(error?.code == .validation)
        #expect(error?.lines == [line])
    }

    @Test func `all faults are told at once`() throws {
        let error = try refusal("page=x&role=y&deep=z&per_page=0")
        #expect(
            error?.lines == [
                "page: must be a whole number", "role: must be one of: member, admin", "deep: must be true or false",
                "per_page: must be from 1 to 100",
            ]
        )
    }

    @Test func `an unknown parameter is refused, with all that is wrong beside it`() throws {
        let error = try refusal("pgae=1&page=0&=x&Page=1")
        #expect(error?.code == .unknownParameter)
        #expect(
            error?.lines == [
                "pgae: is not known here", ": is not known here", "Page: is not known here", "page: must be 1 or more",
            ]
        )
    }

    @Test func `where others may be there they are passed over`() throws {
        let name = Member<String>(string: "name", .string(length: 0...9))
        let schema = QuerySchema([.optional(name)], ignoresUnknown: true)
        #expect(try schema.read(Array("other=1&name=x&other=2".utf8))[name] == "x")
        #expect(throws: HTTPError.self) { try schema.read(Array("name=0123456789".utf8)) }
    }

    @Test func `where nothing is declared any parameter is unknown`() throws {
        #expect(try refusal("a=1", by: QuerySchema())?.code == .unknownParameter)
        #expect(try refusal("", by: QuerySchema()) == nil)
    }

    @Test(
        arguments: [
            "name=%", "name=%4", "name=%zz", "%=1", "name=%FF", "name=%C0%AF", "name=%ED%A0%80", "name=%E2%82",
            "unknown=1&name=%4g", "name=%%34",
        ]
    )
    func `what is not percent-encoded UTF-8 is malformed`(query: String) throws {
        #expect(try refusal(query)?.code == .malformedRequest)
    }

    @Test func `bytes that are no UTF-8 are malformed also where they are not encoded`() throws {
        let error = try httpError { _ = try schema.read(Array("name=".utf8) + [0xFF]) }
        #expect(error?.code == .malformedRequest)
    }

    @Test func `what is required must be there, and is told beside other faults`() throws {
        let strict = QuerySchema([.required(Self.page), .required(Self.name), .optional(Self.deep)])
        #expect(try refusal("", by: strict)?.lines == ["page: is required", "name: is required"])
        #expect(try refusal("&", by: strict)?.lines == ["page: is required", "name: is required"])
        #expect(
            try refusal("deep=0&page=0", by: strict)?.lines == [
                "deep: must be true or false", "page: must be 1 or more", "name: is required",
            ]
        )
        let values = try strict.read(Array("page=1&name=x".utf8))
        #expect(try values.value(of: Self.page) == 1)
    }

    @Test func `a huge query is refused, and the answer stays small`() throws {
        let unknown = try refusal((0..<50_000).map { "u\($0)=1" }.joined(separator: "&"))
        #expect(unknown?.code == .unknownParameter)
        #expect((unknown?.details.count ?? 0) <= 100)
        let repeated = try refusal(String(repeating: "page=1&", count: 50_000))
        #expect(repeated?.code == .validation)
        #expect((repeated?.details.count ?? 0) <= 100)
        let empty = try schema.read([UInt8](repeating: UInt8(ascii: "&"), count: 1 << 20))
        #expect(empty.isEmpty)
        let long = try refusal("name=" + String(repeating: "x", count: 1 << 20))
        #expect(long?.lines == ["name: must have at most 5 characters"])
    }

    @Test func `a fault far behind is found`() throws {
        let error = try refusal(String(repeating: "&", count: 10_000) + "page=1&unknown=1")
        #expect(error?.code == .unknownParameter)
    }
}
