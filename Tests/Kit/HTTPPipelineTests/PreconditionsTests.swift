import HTTPPipeline
import Testing

struct PreconditionsTests {
    private let current = EntityTag("7.2.1")

    private func verdict(
        _ method: Method = .get,
        ifMatch: String? = nil,
        ifNoneMatch: String? = nil
    ) throws -> Preconditions.Verdict {
        var fields: [String: String] = [:]
        fields["If-Match"] = ifMatch
        fields["If-None-Match"] = ifNoneMatch
        return try Preconditions(of: .fake(method, fields: fields)).verdict(on: current, for: method)
    }

    @Test func `without conditions everything proceeds`() throws {
        #expect(try verdict() == .proceed)
        #expect(try Preconditions(of: .fake()).isEmpty)
    }

    @Test(
        arguments: [
            (#""7.2.1""#, true), (#""7.2.0""#, false), (#""7.2.0", "7.2.1""#, true), ("*", true), (" * ", true),
            (#"W/"7.2.1""#, false), (#", ,"7.2.1" ,"#, true), (#""7.2.1,""#, false), (#""a","b""#, false),
            (#""""#, false), (#""a,b" , "7.2.1""#, true),
        ]
    )
    func `If-Match compares strongly`(value: String, holds: Bool) throws {
        for method in [.put, .patch, .delete, .get] as [Method] {
            #expect(try verdict(method, ifMatch: value) == (holds ? .proceed : .failed))
        }
    }

    @Test(
        arguments: [
            (#""7.2.1""#, true), (#"W/"7.2.1""#, true), (#""7.2.0", W/"7.2.1""#, true), ("*", true),
            (#""7.2.0""#, false), (#""a", "b""#, false),
        ]
    )
    func `If-None-Match compares weakly`(value: String, matches: Bool) throws {
        for method in [.get, .head] as [Method] {
            #expect(try verdict(method, ifNoneMatch: value) == (matches ? .notModified : .proceed))
        }
        #expect(try verdict(.put, ifNoneMatch: value) == (matches ? .failed : .proceed))
    }

    @Test func `If-Match is held first`() throws {
        #expect(try verdict(ifMatch: #""old""#, ifNoneMatch: #""7.2.1""#) == .failed)
        #expect(try verdict(ifMatch: #""7.2.1""#, ifNoneMatch: #""7.2.1""#) == .notModified)
        #expect(try verdict(ifMatch: #""7.2.1""#, ifNoneMatch: #""old""#) == .proceed)
    }

    @Test(
        arguments: [
            "7.2.1", #""7.2.1"#, #"7.2.1""#, #"w/"7.2.1""#, #"W/ "7.2.1""#, #""a" "b""#, #"*, "a""#, #""a", *"#, ",",
            " ", #""a b""#, "\"a\u{7}\"", "**", #""a";"b""#, "W/", "\"",
        ]
    )
    func `a malformed list is refused`(value: String) throws {
        for name in ["If-Match", "If-None-Match"] {
            let error = try httpError { _ = try Preconditions(of: .fake(fields: [name: value])) }
            #expect(error?.code == .malformedRequest, "\(name): \(value)")
        }
    }

    @Test func `tags are written as they are read`() {
        for tag in [EntityTag("a"), EntityTag("a", isWeak: true), EntityTag(""), EntityTag("\u{E9}!#~")] {
            #expect(EntityTagCondition(tag.fieldValue) == .tags([tag]))
        }
    }

    @Test(
        arguments: [
            ("count=none", "none"), ("COUNT=none", "none"), (#"count="none""#, "none"), ("a=b, count = none", "none"),
            ("count=none; x=y", "none"), ("count=exact, count=none", "exact"), ("count", ""), ("respond-async", nil),
            ("", nil), (",;=,", nil), (nil, nil),
        ] as [(String?, String?)]
    )
    func `preferences are read, and what cannot be read is passed over`(field: String?, value: String?) {
        #expect(Preferences(field)["count"] == value)
    }
}
