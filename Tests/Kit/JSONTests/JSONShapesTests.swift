import JSON
import Testing

/// Values and members by their shapes.
struct JSONShapesTests {
    private let value: JSONValue = [
        "text": "a", "number": 7, "object": ["inner": true], "list": ["a", 1, ["b": 2], "c"],
    ]

    @Test func `a value of another shape is none`() {
        #expect(value["text"]?.string == "a" && value["number"]?.string == nil)
        #expect(value["number"]?.integer == 7 && value["text"]?.integer == nil)
        #expect(value["object"]?["inner"] == true && value["text"]?["inner"] == nil && value["absent"] == nil)
        #expect(value["list"]?.elements.count == 4 && value["object"]?.elements == [])
    }

    @Test func `members are found by name and shape`() throws {
        let object = try #require(value.object)
        #expect(object.text("text") == "a" && object.text("number") == nil && object.text("absent") == nil)
        #expect(object.integer("number") == 7 && object.number("number") == 7 && object.number("text") == nil)
        #expect(object.object("object")?["inner"] == true && object.object("list") == nil)
        #expect(object.texts("list") == ["a", "c"] && object.numbers("list") == [1])
        #expect(object.objects("list").count == 1 && object.objects("text").isEmpty)
    }
}
