import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// The list of users over HTTP: filters, orders, pages, cursors, members.
struct UserListTests {
    private let site: Site
    private let administrator = [(name: "Authorization", value: "Bearer \(Token.administrator)")]

    init() throws {
        site = try Site()
    }

    /// Asks for the list as the administrator.
    private func list(_ query: String, prefer: String? = nil) throws -> Response {
        let fields = administrator + (prefer.map { [("Prefer", $0)] } ?? [])
        return try site.send(ClientRequest("GET", "/api/v1/users\(query.isEmpty ? "" : "?")\(query)", fields: fields))
    }

    private func names(_ response: Response) throws -> [String] {
        try response.elements().map { $0.text("name") ?? "" }
    }

    @Test(
        arguments: [
            ("sort=created_at", "Ada Ben Cleo Dora Emil"), ("sort=-created_at", "Emil Dora Cleo Ben Ada"),
            ("sort=updated_at", "Ada Ben Cleo Dora Emil"), ("sort=-email", "Emil Dora Cleo Ben Ada"),
            ("sort=name", "Ada Ben Cleo Dora Emil"), ("", "Emil Dora Cleo Ben Ada"),
            ("role=admin", "Ada"), ("status=disabled", "Dora"), ("role=member&status=active", "Emil Cleo Ben"),
            ("status=active&sort=created_at", "Ada Ben Cleo Emil"),
            ("created_after=2025-09-24T03:04:07.678901Z&sort=created_at", "Cleo Dora Emil"),
            ("created_before=2025-09-24T03:04:07.678901Z", "Ada"),
            (
                "role=member&created_after=2025-09-24T05:04:06.678901%2B02:00&created_before=2025-09-24T03:04:09Z",
                "Cleo Ben"
            ),
            ("email=CLEO@example.com", "Cleo"), ("email=cleo@example.co&sort=name", ""),
            ("email_prefix=D&sort=email", "Dora"), ("name_prefix=em&sort=-name", "Emil"),
            ("name_prefix=%25&sort=name", ""),
        ]
    )
    func `filters and orders give the users asked for, by pages and by cursor`(query: String, expected: String) throws {
        let names = expected.split(separator: " ").map(String.init)
        let page = try list(query)
        #expect(try self.names(page) == names)
        #expect(try page.meta()["total"] == .integer(Int64(names.count)))
        #expect(try self.names(try list("cursor=&\(query)")) == names)
    }

    @Test(
        arguments: [
            "role=admin&sort=name", "status=active&sort=email", "created_after=2026-01-01T00:00:00Z&sort=-updated_at",
            "email_prefix=a", "email_prefix=a&sort=name", "name_prefix=a&sort=email", "name_prefix=a",
            "email=a@example.com&role=admin", "email_prefix=a&role=admin&sort=email",
            "email_prefix=a&name_prefix=a&sort=email",
        ]
    )
    func `what no index serves is refused with what can be combined`(query: String) throws {
        let response = try list(query)
        #expect(response.status == .badRequest)
        #expect(try response.code() == "VALIDATION_ERROR")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("email_prefix alone with sort by email"))
    }

    @Test(
        arguments: [
            ("sort=id", "VALIDATION_ERROR"), ("sort=", "VALIDATION_ERROR"), ("fields=id,password", "VALIDATION_ERROR"),
            ("fields=", "VALIDATION_ERROR"), ("fields=id,", "VALIDATION_ERROR"), ("role=root", "VALIDATION_ERROR"),
            ("created_after=yesterday", "VALIDATION_ERROR"),
            ("created_after=2026-01-01T00:00:00+01:00", "VALIDATION_ERROR"),
            ("email=nobody", "VALIDATION_ERROR"), ("name_prefix=&sort=name", "VALIDATION_ERROR"),
            ("page=1&cursor=", "VALIDATION_ERROR"), ("page=502&per_page=20", "VALIDATION_ERROR"),
            ("cursor=x", "INVALID_CURSOR"), ("cursor=AAAA", "INVALID_CURSOR"), ("filter=x", "UNKNOWN_PARAMETER"),
        ]
    )
    func `what cannot be read is refused`(query: String, code: String) throws {
        let response = try list(query)
        #expect(response.status == .badRequest)
        #expect(try response.code() == code)
    }

    @Test(arguments: ["created_after=2026-01-01", "created_before=2026-01-01T00:00", "created_after=x"])
    func `who sends no time is told what one looks like`(query: String) throws {
        let text = String(decoding: try list(query).body, as: UTF8.self)
        #expect(text.contains("must be a time such as 2026-01-31T12:00:00Z"))
    }

    @Test func `a page too deep is refused with a pointer to cursors`() throws {
        let text = String(decoding: try list("page=502").body, as: UTF8.self)
        #expect(text.contains("use a cursor instead"))
    }

    @Test func `members are selected`() throws {
        let response = try list("fields=email,id&role=admin")
        let members = try response.elements().map { $0.members.map(\.name) }
        #expect(members == [["id", "email"]])
        #expect(response.field("Link")?.contains("&fields=id,email&role=admin>") == true)
    }

    @Test func `without a count there is no total and no last page`() throws {
        let response = try list("per_page=2", prefer: "count=none")
        #expect(try response.meta().members.map(\.name) == ["page", "per_page"])
        #expect(response.field("Preference-Applied") == "count=none")
        #expect(response.field("Vary") == "Authorization, Cookie, Accept, Prefer")
        #expect(response.relations() == ["first", "next"])
        #expect(try list("per_page=2&page=3", prefer: "count=none").relations() == ["first", "prev"])
        #expect(try list("per_page=2").field("Preference-Applied") == nil)
    }

    @Test(arguments: ["per_page=2", "per_page=1&sort=name", "per_page=2&status=active&sort=-created_at&fields=name"])
    func `links lead through the whole list and back, by pages and by cursors`(query: String) throws {
        for start in ["page=1&\(query)", "cursor=&\(query)"] {
            let whole = try names(try list(query.split(separator: "&").dropFirst().joined(separator: "&")))
            var met: [String] = []
            var response = try list(start)
            while true {
                met += try names(response)
                guard let next = response.link("next") else { break }
                response = try site.send(ClientRequest("GET", next, fields: administrator))
            }
            #expect(met == whole)
            var back = try names(response)
            while let previous = response.link("prev") {
                response = try site.send(ClientRequest("GET", previous, fields: administrator))
                back = try names(response) + back
            }
            #expect(back == whole)
        }
    }

    @Test func `a stretch tells its cursors, and they are the links'`() throws {
        let first = try list("cursor=&per_page=2")
        #expect(try first.meta().members.map(\.name) == ["per_page", "next_cursor", "prev_cursor"])
        #expect(try first.meta()["prev_cursor"] == .null)
        let next = try #require(try first.meta().text("next_cursor"))
        #expect(first.link("next") == "/api/v1/users?cursor=\(next)&per_page=2")
        let second = try list("per_page=2&cursor=\(next)")
        #expect(try names(second) == ["Cleo", "Ben"])
        let previous = try #require(try second.meta().text("prev_cursor"))
        #expect(try names(try list("per_page=3&cursor=\(previous)")) == ["Emil", "Dora"])
    }

    @Test func `a cursor is good for its own sort and filters only`() throws {
        let next = try #require(try list("cursor=&per_page=1&role=member").meta().text("next_cursor"))
        #expect(try list("cursor=\(next)&role=member&per_page=50&fields=id").status == .ok)
        for query in [
            "", "role=admin", "role=member&status=active", "role=member&sort=created_at", "sort=name",
            "email=a@example.com",
        ] {
            let response = try list("cursor=\(next)&\(query)")
            #expect(response.status == .badRequest, "\(query)")
            #expect(try response.code() == "INVALID_CURSOR", "\(query)")
        }
    }

    @Test func `the list is an administrator's`() throws {
        let member = [("Authorization", "Bearer \(Token.member)")]
        #expect(try site.send(ClientRequest("GET", "/api/v1/users?cursor=", fields: member)).status == .forbidden)
        #expect(try site.send(ClientRequest("GET", "/api/v1/users?cursor=")).status == .unauthorized)
    }
}

extension Response {
    private func listDocument() throws -> JSONObject {
        guard case .object(let object) = try JSONReader.read(body) else { return JSONObject() }
        return object
    }

    /// The elements of `data`.
    fileprivate func elements() throws -> [JSONObject] {
        guard case .array(let elements)? = try listDocument()["data"] else { return [] }
        return elements.compactMap { if case .object(let element) = $0 { element } else { nil } }
    }

    fileprivate func meta() throws -> JSONObject {
        guard case .object(let meta)? = try listDocument()["meta"] else { return JSONObject() }
        return meta
    }

    fileprivate func code() throws -> String? {
        guard case .object(let error)? = try listDocument()["error"] else { return nil }
        return error.text("code")
    }

    private var links: [(relation: String, target: String)] {
        (field("Link") ?? "").split(separator: ", ").map { link in
            let parts = link.split(separator: "; rel=")
            return (String(parts[1].dropFirst().dropLast()), String(parts[0].dropFirst().dropLast()))
        }
    }

    fileprivate func relations() -> [String] { links.map(\.relation) }

    fileprivate func link(_ relation: String) -> String? { links.first { $0.relation == relation }?.target }
}
