import HTTPPipeline
import JSON
import Testing

struct ResponseTests {
    @Test(
        arguments: [
            ("a\r\nSet-Cookie: x", "a Set-Cookie: x"), ("a\nb", "a b"), ("a\rb", "a b"), ("a\0b", "a b"),
            ("\r\n\r\n<html>", "  <html>"), ("a\n\rb", "a  b"), ("\r\n", " "), ("a\r\u{301}b", "a \u{301}b"),
        ]
    )
    func `no value of a field may begin another field`(value: String, clean: String) {
        var response = Response(.ok)
        response.add("Location", value)
        #expect(response.fields == [.init(name: "Location", value: clean)])
        let typed = Response(.ok, contentType: value, body: [])
        #expect(typed.fields == [.init(name: "Content-Type", value: clean)])
    }

    @Test func `an error's fields are cleaned too`() {
        let error = HTTPError(.notFound, "No.", fields: [.init(name: "Allow", value: "GET\r\nX: y")])
        #expect(ErrorBody.envelope.response(for: error, requestID: "request-1").field("Allow") == "GET X: y")
    }

    @Test func `a field is found without regard to case, the first of its name`() {
        var response = Response(.ok)
        response.add("Link", "a")
        response.add("Link", "b")
        #expect(response.field("link") == "a")
        #expect(response.values(of: "Link") == ["a", "b"])
        #expect(response.field("Allow") == nil)
    }

    @Test func `one resource stands in data`() {
        let response = Response.data(.created) { $0.string("x") }
        #expect(response.status == .created)
        #expect(response.text == #"{"data":"x"}"#)
        #expect(response.field("Content-Type") == "application/json; charset=utf-8")
    }

    @Test func `a list stands in data, its page in meta`() {
        let page = Response.page([1, 2], page: 3, perPage: 2, total: 9) { $1.integer($0) }
        #expect(page.text == #"{"data":[1,2],"meta":{"page":3,"per_page":2,"total":9}}"#)
        let empty = Response.page([Int](), page: 1, perPage: 20, total: 0) { $1.integer($0) }
        #expect(empty.text == #"{"data":[],"meta":{"page":1,"per_page":20,"total":0}}"#)
    }
}
