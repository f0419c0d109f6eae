import HTTPPipeline
import Testing

struct CookieFieldTests {
    @Test(arguments: [
        ("id=1", "1"),
        ("a=0; id=1; b=2", "1"),
        ("a=0;id=1;b=2", "1"),
        ("id=1; id=2", "1"),
        ("id=; id=2", ""),
        ("id=a=b==", "a=b=="),
        ("id=\"1\"", "\"1\""),
        ("a=\"x; id=1\"", "1\""),
        ("id=1 ; b=2", "1 "),
        ("id= 1", " 1"),
        ("; ; id=1", "1"),
        ("id; id=1", "1"),
        ("id=\u{FFFD}", "\u{FFFD}"),
    ])
    func `the first cookie of the name counts, and its value is what stands there`(field: String, value: String) {
        #expect(CookieField.value(of: "id", in: field)?.utf8.elementsEqual(value.utf8) == true)
    }

    @Test(arguments: [
        "", ";", "=", "id", "ID=1", "xid=1", "id2=1", "id =1", " id=1", "a=0;  id=1", "a=0;\tid=1", "a=0;\u{2000}id=1",
        "a=id=1", "a=0, id=1", "i\u{307}d=1",
    ])
    func `another name is another cookie`(field: String) {
        #expect(CookieField.value(of: "id", in: field) == nil)
    }
}
