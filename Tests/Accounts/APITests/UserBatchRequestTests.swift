import Domain
import HTTPPipeline
import TestSupport
import Testing

/// Many accounts at once, and their numbers, over HTTP.
struct UserBatchRequestTests {
    private let site: Site

    init() throws {
        site = try Site()
        site.bodyLimit = 64 << 10
    }

    private func send(_ method: String, _ target: String, by token: String, body: String = "") throws -> Response {
        let fields = [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
        return try site.send(ClientRequest(method, target, fields: fields, body: body))
    }

    private func batch(_ users: String, by token: String = Token.administrator) throws -> Response {
        try send("POST", "/api/v1/users/batch", by: token, body: "{\"users\": \(users)}")
    }

    private func people(_ count: Int) -> String {
        let people = (0..<count).map { "{\"email\": \"p\($0)@example.com\", \"name\": \"P\($0)\"}" }
        return "[\(people.joined(separator: ","))]"
    }

    private func count() throws -> Int { try site.unitOfWork.read { try $0.users.count() } }

    private func faults(_ response: Response) -> [String] {
        String(decoding: response.body, as: UTF8.self).split(separator: "{\"field\":\"").dropFirst().map { part in
            part.split(separator: "\"}")[0].split(separator: "\",\"message\":\"").joined(separator: ": ")
        }
    }

    @Test(arguments: [1, 100])
    func `up to a hundred accounts are made at once`(number: Int) throws {
        let response = try batch(people(number))
        #expect(response.status == .created)
        #expect(try count() == 5 + number)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasPrefix("{\"data\":[{\"id\":\""))
        #expect(text.contains("\"email\":\"p\(number - 1)@example.com\""))
    }

    @Test(
        arguments: [
            ("[]", "users: must have 1 to 100 elements"), ("{}", "users: must be an array"),
            ("null", "users: must be an array"),
        ]
    )
    func `none, and what is no array, are refused`(users: String, fault: String) throws {
        let response = try batch(users)
        #expect(response.status == .badRequest)
        #expect(faults(response) == [fault])
    }

    @Test func `more than a hundred are refused`() throws {
        #expect(faults(try batch(people(101))) == ["users: must have 1 to 100 elements"])
        #expect(try count() == 5)
    }

    @Test func `all faults are told at once, by their places, and nothing is stored`() throws {
        let response = try batch(
            """
            [{"email": "x@example.com", "name": "X"}, 7, {"email": "no", "name": "", "role": "root"},
             {"email": "X@example.com", "password": "a long enough password", "status": "active"}]
            """
        )
        #expect(response.status == .badRequest)
        #expect(
            faults(response) == [
                "users.1: must be an object", "users.2.email: must be a valid email", "users.2.name: must not be empty",
                "users.2.role: must be one of: member, admin", "users.3.name: is required",
                "users.3.password: is not known here", "users.3.email: is the same as users.0.email",
            ]
        )
        #expect(try count() == 5)
    }

    @Test func `addresses that are taken are a conflict, all of them named`() throws {
        let response = try batch(
            """
            [{"email": "BEN@example.com", "name": "B"}, {"email": "new@example.com", "name": "N"},
             {"email": "ada@example.com", "name": "A"}]
            """
        )
        #expect(response.status == .conflict)
        #expect(faults(response) == ["users.0.email: is already in use", "users.2.email: is already in use"])
        #expect(try count() == 5)
    }

    @Test func `a flood of unknown members gets a bounded answer`() throws {
        let members = (0..<90).map { "\"\($0)\":1" }.joined(separator: ",")
        let response = try batch("[\((0..<90).map { _ in "{\(members)}" }.joined(separator: ","))]")
        #expect(response.status == .badRequest)
        #expect(faults(response).count < 1200)
    }

    @Test func `members make no accounts and learn no numbers`() throws {
        #expect(try batch(people(1), by: Token.member).status == .forbidden)
        #expect(try send("GET", "/api/v1/users/stats", by: Token.member).status == .forbidden)
        #expect(try count() == 5)
    }

    @Test func `the numbers tell roles, status and thirty days`() throws {
        _ = try batch(people(2))
        let response = try send("GET", "/api/v1/users/stats", by: Token.administrator)
        #expect(response.status == .ok)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"data":{"total":7,"by_role":{"member":6,"admin":1},"by_status":{"active":6,"disabled":1},"#
                    + #""created_last_30_days":[{"date":"2025-12-04","count":0},"#
            )
        )
        #expect(text.hasSuffix(#",{"date":"2026-01-02","count":2}]}}"#))
        #expect(text.split(separator: "\"date\"").count == 31)
    }
}
