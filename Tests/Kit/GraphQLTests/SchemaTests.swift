import GraphQL
import Testing

@Suite("Schemas")
struct SchemaTests {
    @Test("are printed as they are read")
    func roundTrip() throws {
        let text = try TestSchema.executable().schema.sdl
        #expect(try Schema(sdl: text).sdl == text)
        #expect(text.contains("\"\"\"Who has an account.\"\"\"\ntype User implements Node {"))
        #expect(text.contains("input Filter @oneOf {"))
    }

    @Test(
        "are refused where they do not hold together",
        arguments: [
            "type T { a: Int }", "type Query { a: Nothing }", "type Query { a: Int a: Int }", "type Query { __a: Int }",
            "type Query { a(b: Query): Int }", "type Query implements I { a: Int } interface I { b: Int }",
            "type Query { a: I } input I { a: Int }", "type Query { a(i: I): Int } input I { i: I! }",
            "type Query { a(i: I): Int } input I { i: I = {} }", "type Query { a(i: I): Int } input I @oneOf { i: I }",
            "type Query { a(b: Int = \"x\"): Int }", "type Query { a: U } union U = Int", "type Query { a: E } enum E",
        ]
    )
    func refused(sdl: String) {
        #expect(throws: SchemaError.self) { try Schema(sdl: sdl) }
    }
}
