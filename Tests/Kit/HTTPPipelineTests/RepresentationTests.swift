import HTTPPipeline
import JSON
import Testing

struct RepresentationTests {
    private struct Book: Sendable {
        var title = "Emma"
        var pages = 474
        var soldOut: Int64?
        var chapters = ["One", "Two"]
        var isSecret = false
    }

    private static let chapter = Representation<String>(
        nil,
        [.string("name", .string(length: 1...20), example: "One") { $0 }]
    )

    private static let book = Representation<Book>(
        "Book",
        version: 3,
        [
            .string("title", .string(length: 1...20), "As printed.", example: "Emma") { $0.title },
            .count("pages", example: 474) { $0.pages },
            .timestamp(nullable: "sold_out", example: .null) { $0.soldOut },
            .array("chapters", of: chapter) { $0.chapters },
            Attribute("note", .boolean, example: true) { $1.bool(!$0.isSecret) }.shown(where: { !$0.isSecret }),
        ]
    )

    private func text(_ book: Book, _ selection: AttributeSelection = .all) -> String {
        var writer = JSONWriter()
        Self.book.write(book, choosing: selection, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `a resource is written attribute by attribute`() {
        #expect(
            text(Book())
                == #"{"title":"Emma","pages":474,"sold_out":null,"chapters":[{"name":"One"},{"name":"Two"}],"note":true}"#
        )
        #expect(
            text(Book(soldOut: 0, isSecret: true)).hasSuffix(
                #""sold_out":"1970-01-01T00:00:00.000000Z","#
                    + #""chapters":[{"name":"One"},{"name":"Two"}]}"#
            )
        )
    }

    @Test func `chosen attributes are written alone, in their own order`() throws {
        let selection = try #require(Self.book.selection("pages,title"))
        #expect(text(Book(), selection) == #"{"title":"Emma","pages":474}"#)
        #expect(Self.book.text(of: selection) == "title,pages")
        for unknown in ["", "pages,", "Title", "pages,nothing"] { #expect(Self.book.selection(unknown) == nil) }
    }

    @Test func `what is written satisfies the schema, and the example does too`() throws {
        let schema = ValueSchema.object(Self.book.shape)
        for book in [Book(), Book(soldOut: 1, isSecret: true)] {
            #expect(schema.violation(of: try JSONReader.read(Array(text(book).utf8))) == nil)
        }
        #expect(schema.violation(of: Self.book.shape.example) == nil)
    }

    @Test(arguments: [
        (#"{"title":"Emma","pages":1,"sold_out":null}"#, "must have the member chapters"),
        (#"{"title":"Emma","pages":-1,"sold_out":null,"chapters":[]}"#, "pages must be 0 or more"),
        (
            #"{"title":"Emma","pages":1,"sold_out":"now","chapters":[]}"#,
            "sold_out must be a date and time as in RFC 3339"
        ),
        (#"{"title":"Emma","pages":1,"sold_out":null,"chapters":[{"name":""}]}"#, "chapters name must not be empty"),
        (#"{"title":"Emma","pages":1,"sold_out":null,"chapters":[],"x":1}"#, "must not have the member x"),
        ("[]", "must be an object"),
    ])
    func `what is not as declared is told`(json: String, violation: String) throws {
        let value = try JSONReader.read(Array(json.utf8))
        #expect(ValueSchema.object(Self.book.shape).violation(of: value) == violation)
    }

    @Test func `an attribute gives the value that it writes`() throws {
        for book in [Book(), Book(soldOut: 12)] {
            guard case .object(let written) = try JSONReader.read(Array(text(book).utf8)) else { return }
            for attribute in Self.book.attributes {
                guard let value = attribute.value else { continue }
                #expect(value(book) == written[attribute.name], "\(attribute.name)")
            }
        }
        #expect(Self.book.attributes.filter { $0.value != nil }.map(\.name) == ["title", "pages", "sold_out"])
    }

    @Test func `a part lends its attributes to the whole`() {
        let shelf = Representation<(place: Int, book: Book)>(
            nil,
            Self.book.attributes { $0.book }.prefix(1) + [.count("place", example: 1) { $0.place }]
        )
        var writer = JSONWriter()
        shelf.write((3, Book()), to: &writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"title":"Emma","place":3}"#)
    }

    @Test func `a text may be without an upper bound`() {
        #expect(ValueSchema.string(length: 0...Int.max).violation(of: "any") == nil)
        #expect(ValueSchema.string(length: 0...3).violation(of: "more") == "must have at most 3 characters")
    }

    @Test func `ids and days have one form`() {
        let schemas: [(ValueSchema, String, Bool)] = [
            (.uuid, "01a1fe06-9d53-7300-8ea8-b61acdbe8330", true),
            (.uuid, "01A1FE06-9D53-7300-8EA8-B61ACDBE8330", false),
            (.uuid, "01a1fe06-9d53-7300-8ea8-b61acdbe833", false), (.date, "2026-02-28", true),
            (.date, "2026-02-30", false),
            (.dateTime, "2026-02-28T00:00:00Z", true), (.dateTime, "2026-02-28", false),
        ]
        for (schema, text, isValid) in schemas {
            #expect((schema.violation(of: .string(text)) == nil) == isValid, "\(text)")
        }
    }
}
