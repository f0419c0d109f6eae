import HTTPPipeline
import JSON
import Testing

struct ObjectArrayTests {
    private static let name = Member<String>(string: "name", .string(length: 1...3))
    private static let age = Member<Int>(integer: "age", 0...9)
    private static let items = Member<[MemberValues]>(
        objects: "items",
        ObjectSchema([.required(name), .optional(age)]),
        count: 1...3,
        checking: { items in
            let ages = items.compactMap { $0[age] }
            return Set(ages).count == ages.count ? [] : [.init(field: "1.age", message: "is there twice")]
        }
    )

    private let schema = ObjectSchema([.required(items)])

    private func refusal(_ items: String) throws -> [String]? {
        let json = try JSONReader.read(Array("{\"items\": \(items)}".utf8))
        return try httpError { _ = try schema.read(json) }?.lines
    }

    @Test func `elements come with their values, in order`() throws {
        let json = try JSONReader.read(Array(#"{"items": [{"name": "a", "age": 1}, {"name": "b"}]}"#.utf8))
        let items = try schema.read(json).value(of: Self.items)
        #expect(items.map { $0[Self.name] } == ["a", "b"])
        #expect(items.map { $0[Self.age] } == [1, nil])
    }

    @Test(
        arguments: [
            ("[]", "items: must have 1 to 3 elements"), ("[1,2,3,4]", "items: must have 1 to 3 elements"),
            ("{}", "items: must be an array"), ("\"x\"", "items: must be an array"),
        ]
    )
    func `the array itself is refused by its own name`(items: String, line: String) throws {
        #expect(try refusal(items) == [line])
    }

    @Test func `faults within elements and between them are told together, by their paths`() throws {
        let lines = try refusal(#"[{"age": 1}, {"name": "long", "age": 1, "x": 0}, null]"#)
        #expect(
            lines == [
                "items.0.name: is required", "items.1.name: must have at most 3 characters",
                "items.1.x: is not known here", "items.2: must be an object", "items.1.age: is there twice",
            ]
        )
    }

    @Test func `a stretch of a list tells its cursors, null where there is none`() {
        let stretch = Response.stretch([1, 2], perPage: 2, next: "n", previous: nil) { $1.integer($0) }
        #expect(stretch.text == #"{"data":[1,2],"meta":{"per_page":2,"next_cursor":"n","prev_cursor":null}}"#)
        let page = Response.page([1], page: 1, perPage: 2, total: nil) { $1.integer($0) }
        #expect(page.text == #"{"data":[1],"meta":{"page":1,"per_page":2}}"#)
    }
}
