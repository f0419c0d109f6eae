import HTTPPipeline
import JSON
import Testing

/// What is true of every answer, whatever was asked, and of the line that the log has about it.
struct AnswerLaws {
    let sent: ClientRequest
    let id: String
    let response: Response
    let line: String

    func check(_ secrets: Secrets) throws {
        let about = "\(sent.method) \(sent.path)\(sent.query): \(response.status.code) \(text)" as Comment
        #expect(values("Request-Id") == [id], about)
        #expect(values("API-Version") == ["1"], about)
        #expect(values("WWW-Authenticate") == (status == 401 ? ["Bearer"] : []), about)
        #expect(values("Allow").count == (status == 405 || sent.method == "OPTIONS" && status == 204 ? 1 : 0), about)
        if status == 429 {
            #expect(Int(values("Retry-After").first ?? "").map { $0 > 0 } == true, about)
            #expect(values("RateLimit").first?.contains(";r=0;") == true, about)
        } else {
            let isToWait = try status == 503 || code() == "REQUEST_IN_PROGRESS"
            #expect(values("Retry-After") == (isToWait ? ["1"] : []), about)
        }
        #expect(values("RateLimit").count == values("RateLimit-Policy").count, about)
        #expect(values("Location").count == (isOneNew ? 1 : 0), about)
        #expect(Set(response.fields.map { $0.name.lowercased() }).count == response.fields.count, about)
        if status == 204 || status == 304 {
            #expect(response.body.isEmpty, about)
            #expect(values("Content-Type").isEmpty, about)
            // What a full answer would carry to update a cache (RFC 9110, section 15.4.5).
            let updating = ["ETag", "Cache-Control", "Vary"].map { values($0).count }
            #expect(updating == (status == 304 ? [1, 1, 1] : [0, 0, 0]), about)
        } else {
            #expect(values("Cache-Control").count == 1, about)
            try checkBody(about)
        }
        try checkLine(about)
        try checkSecrets(secrets, about)
    }

    private func checkBody(_ about: Comment) throws {
        let body = try object(response.body)
        if sent.path == "/graphql", status != 405 || body["errors"] != nil {
            let types = ["application/graphql-response+json", "application/json"].map { "\($0); charset=utf-8" }
            #expect(types.contains(values("Content-Type").first ?? ""), about)
            #expect(Set(body.members.map(\.name)).isSubset(of: ["errors", "data"]), about)
            #expect(values("Cache-Control") == ["no-store"], about)
            return
        }
        guard status >= 400, !sent.path.hasPrefix("/health") else {
            #expect(values("Content-Type") == [MediaType.json], about)
            return
        }
        #expect(values("Cache-Control") == ["no-store"], about)
        if values("Content-Type") == [MediaType.problem] {
            let members = ["type", "title", "status", "detail", "instance", "code"]
            #expect(Array(body.members.map(\.name).prefix(6)) == members, about)
            #expect(body["status"] == .integer(Int64(status)), about)
        } else {
            #expect(values("Content-Type") == [MediaType.json], about)
            #expect(body.members.map(\.name) == ["error"], about)
            guard case .object(let error)? = body["error"] else { return }
            #expect(error.members.map(\.name) == ["code", "message", "details", "request_id"], about)
            // What is answered again names the request that it was the answer to.
            if !isReplayed { #expect(error["request_id"] == .string(id), about) }
        }
    }

    private func checkLine(_ about: Comment) throws {
        #expect(line.utf8.count { $0 == 10 } == 1 && line.hasSuffix("\n"), about)
        let members = try object(Array(line.utf8))
        #expect(members["request_id"] == .string(id), about)
        #expect(members["status"] == .integer(Int64(status)), about)
        #expect(members["path"] == .string(shownPath), about)
        if let code = try code(), !isReplayed { #expect(members["error"] == .string(code), about) }
        if !sent.query.isEmpty { #expect(!line.contains(sent.query), about) }
        // Shorter ones would stand in any line by chance.
        for secret in [sent.field(.authorization), sent.field(.cookie)].compactMap(\.self) where secret.count > 8 {
            #expect(!line.contains(secret), about)
        }
    }

    /// The first 512 bytes, with a star for each segment that could hold something private.
    private var shownPath: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)
        return sent.pathBytes.prefix(512).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { $0.allSatisfy(plain.contains) ? String(decoding: $0, as: UTF8.self) : "*" }
            .joined(separator: "/")
    }

    private func checkSecrets(_ secrets: Secrets, _ about: Comment) throws {
        #expect(secrets.found(in: line) == [], about)
        // The same for everybody, with examples of tokens and passwords in it.
        guard sent.path != "/openapi.json" else { return }
        var shown = text + response.fields.map { "\($0.name): \($0.value)\n" }.joined()
        for token in try Secrets.tokens(from: sent, answeredBy: response) {
            for place in ["\"\(token)\"", "__Host-gatehouse=\(token);"] {
                shown = shown.split(separator: place, omittingEmptySubsequences: false).joined()
            }
        }
        #expect(secrets.found(in: shown) == [], about)
    }

    /// The code of an error, or nil where the answer is none.
    private func code() throws -> String? {
        guard status >= 400, !sent.path.hasPrefix("/health") else { return nil }
        let body = try object(response.body)
        if case .array(let errors)? = body["errors"], sent.path == "/graphql" {
            guard case .object(let first)? = errors.first, case .object(let more)? = first["extensions"] else {
                return ""
            }
            return more["code"]?.string ?? ""
        }
        let error: JSONObject = if case .object(let members)? = body["error"] { members } else { body }
        guard case .string(let code)? = error["code"] else { return "" }
        return code
    }

    /// Whether one thing was made that can be read; a session is not read by its id, and many have no address in common.
    private var isOneNew: Bool {
        status == 201 && !sent.path.hasSuffix("/sessions") && !sent.path.hasSuffix("/batch")
    }

    private var isReplayed: Bool { values("Idempotency-Replayed") == ["true"] }

    private var status: Int { response.status.code }

    private var text: String { String(decoding: response.body, as: UTF8.self) }

    private func values(_ name: String) -> [String] {
        response.fields.filter { $0.name == name }.map(\.value)
    }

    private func object(_ bytes: [UInt8]) throws -> JSONObject {
        guard case .object(let object) = try JSONReader.read(bytes) else {
            Issue.record("no JSON object")
            return JSONObject()
        }
        return object
    }
}
