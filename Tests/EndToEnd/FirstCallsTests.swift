import JSON
import Testing

extension EndToEndTests {
    /// What somebody types who has read the first page of the manual.
    @Suite struct FirstCallsTests {
        @Test func `an administrator makes, reads, replaces, changes and deletes a user`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                func call(_ method: String, _ path: String, _ json: String? = nil) throws -> HTTPResponse {
                    if let json { return try instance.curl.send(HTTPRequest(method, path, token: admin, json: json)) }
                    return try instance.curl.send(HTTPRequest(method, path, token: admin))
                }

                let created = try call("POST", "/api/users", #"{"email":"ada@example.com","name":"Ada"}"#)
                #expect(created.status == 201)
                let user = try #require(try created.json()["data"])
                let members = ["id", "email", "name", "role", "status", "created_at", "updated_at"]
                #expect(user.names == members)
                #expect(user["email"]?.string == "ada@example.com")
                #expect(user["name"]?.string == "Ada")
                #expect(user["role"]?.string == "member")
                #expect(user["status"]?.string == "active")
                #expect(user["created_at"] == user["updated_at"])
                let path = "/api/users/\(try #require(user["id"]?.string))"

                let list = try call("GET", "/api/users")
                #expect(list.status == 200)
                let items = try #require(try list.json()["data"]).elements
                // The newest stands first.
                #expect(items.first == user)
                #expect(items.map { $0["email"]?.string } == ["ada@example.com", Instance.administratorEmail])
                let meta = try #require(try list.json()["meta"])
                #expect(meta.names == ["page", "per_page", "total"])
                #expect(["page", "per_page", "total"].map { meta[$0]?.integer } == [1, 20, 2])

                let read = try call("GET", path)
                #expect(read.status == 200)
                #expect(try read.json()["data"] == user)

                let replaced = try call("PUT", path, #"{"email":"ada@example.org","name":"Ada King"}"#)
                #expect(replaced.status == 200)
                let replacement = try #require(try replaced.json()["data"])
                #expect(replacement["email"]?.string == "ada@example.org")
                #expect(replacement["name"]?.string == "Ada King")
                #expect(replacement["created_at"] == user["created_at"])
                #expect(replacement["updated_at"] != user["updated_at"])

                let changed = try call("PATCH", path, #"{"name":"Ada Lovelace"}"#)
                #expect(changed.status == 200)
                #expect(try changed.json()["data"]?["name"]?.string == "Ada Lovelace")
                #expect(try changed.json()["data"]?["email"]?.string == "ada@example.org")

                // What was read can be sent back.
                let sentBack = try call("PUT", path, try call("GET", path).dataText())
                #expect(sentBack.status == 200)

                let deleted = try call("DELETE", path)
                #expect(deleted.status == 204)
                #expect(deleted.body.isEmpty)
                #expect(try call("GET", path).status == 404)
                #expect(try call("DELETE", path).status == 404)
                #expect(try instance.total(as: admin) == 1)
            }
        }
    }
}

extension HTTPResponse {
    /// The data as JSON text.
    fileprivate func dataText() throws -> String {
        var writer = JSONWriter()
        try json()["data"]?.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
