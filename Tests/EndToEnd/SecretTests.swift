import Linux
import Testing

extension EndToEndTests {
    /// What nobody may read in a log.
    @Suite struct SecretTests {
        @Test(.ofTheFile) func `passwords, tokens, hashes and e-mail addresses are in no log, nginx's included`() throws
        {
            var options = Instance.Options()
            options.settings = [
                "GATEHOUSE_DATABASE_BUSY_TIMEOUT=50ms", "GATEHOUSE_MAIL_MODE=directory",
                "GATEHOUSE_MAIL_TEMPLATES=\(Program.root)/mail",
            ]
            try Instance.run(options) { instance in
                var secrets = [Instance.administratorPassword]
                func secret(_ text: String) -> String {
                    secrets.append(text)
                    return text
                }
                let admin = secret(try instance.signIn())
                let password = secret("planted password 1 of Ada")
                let id = try instance.createUser("ada@example.com", password: password, as: admin)
                let token = secret(try instance.signIn("ada@example.com", password))
                let wrong = Instance.credentials("ada@example.com", secret("planted password 2, wrong"))
                // Addresses where the API asks for them, and where people put them by mistake.
                let address = secret("ada@example.com")
                let asked = "/api/v1/users?email=\(secret("nobody@example.org"))&fields=id"
                let paths = [
                    asked, "/api/v1/users?email_prefix=ada@example.com&sort=email", "/api/v1/users/\(address)",
                    "/api/v1/users/ada%40example.com/sessions", "/api/v1/sessions/\(token)", "/api/\(token)",
                    "/\(address)?\(address)",
                ]
                secrets += [Instance.administratorEmail, "ada%40example"]
                let short = secret("planted-secret")
                let changed = secret("planted password 3 of Ada")
                let taken = #"{"email":"\#(address)","name":"Ada"}"#
                let user = "/api/users/\(id)"
                let other = secret("ada-elsewhere@example.com")
                let confirmation = secret("gh_c_cGxhbnRlZCBwbGFudGVkIHBsYW50ZWQgcGxhbnRlZCE")
                let sent: [HTTPRequest] = [
                    HTTPRequest("POST", "/api/email-changes", token: token, json: #"{"email":"\#(other)"}"#),
                    HTTPRequest("POST", "/api/sessions", json: wrong),
                    HTTPRequest("POST", "/api/sessions", json: wrong + "}"),
                    HTTPRequest("POST", "/api/sessions", json: #"{"email":"a","passwrod":"\#(secret("planted-4"))"}"#),
                    HTTPRequest("PATCH", user, token: admin, json: #"{"password":"\#(short)"}"#),
                    HTTPRequest("PATCH", user, token: token, json: #"{"password":"\#(changed)"}"#),
                    HTTPRequest("PATCH", user, token: admin, json: #"{"password":"\#(changed)"}"#),
                    HTTPRequest("GET", "/api/me", token: secret("gh_s_plantedtokenthatisnotours")),
                    HTTPRequest("GET", "/api/me", fields: ["Authorization: Basic \(secret("cGxhbnRlZA=="))"]),
                    HTTPRequest("GET", "/api/me", fields: ["Cookie: __Host-gatehouse=\(secret("planted-cookie"))"]),
                    HTTPRequest("BREW", "/api/me", token: token),
                    HTTPRequest("POST", "/api/password-resets", json: #"{"email":"\#(address)"}"#),
                    HTTPRequest(
                        "POST",
                        "/api/password-resets/confirmations",
                        json: #"{"token":"\#(confirmation)","password":"\#(secret("planted password 6 of A"))"}"#
                    ),
                    HTTPRequest(
                        "POST",
                        "/api/email-verifications/confirmations",
                        json: #"{"token":"\#(confirmation)"}"#
                    ),
                ]
                for request in sent { _ = try instance.send(request) }
                // The mails have been sent, with tokens that nobody logs.
                let mails = "\(instance.directory)/mail"
                try eventually("three mails", within: 60) {
                    try Files.exists(mails) && Files.names(inDirectory: mails).count >= 3
                }
                for path in paths { _ = try instance.send(HTTPRequest("GET", path, token: admin)) }
                #expect(try instance.send(HTTPRequest("POST", "/api/users", token: admin, json: taken)).status == 409)

                // Faults tell their story in the log; nothing of the request may be in it.
                let lock = try DatabaseLock(instance)
                let body = #"{"email":"b@example.com","name":"B","password":"\#(secret("planted password 5 of B"))"}"#
                let unavailable = try instance.send(HTTPRequest("POST", "/api/users", token: admin, json: body))
                #expect(unavailable.status == 503)
                try lock.release()

                // nginx's own errors too: the application has gone.
                #expect(try instance.attempt(["stop"]).succeeded)
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                #expect(try instance.send(HTTPRequest("GET", "/api/me", token: admin)).status == 502)
                for path in paths.dropLast() {
                    #expect(try instance.send(HTTPRequest("GET", path, token: admin)).status == 502)
                }
                // Why the application is not reached is told where no address can be.
                #expect(try instance.send(HTTPRequest("GET", "/health")).status == 502)
                #expect(try search("\(instance.directory)/log", for: ["connect() to unix"]).contains("nginx-error.log"))

                let stored = try instance.sqlite("SELECT password_hash FROM users WHERE password_hash IS NOT NULL")
                secrets += stored.split(separator: "\n").map(String.init)
                #expect(stored.contains("$argon2id$"))
                let digests = try instance.sqlite(
                    "SELECT lower(hex(token_digest)) FROM sessions UNION SELECT lower(hex(token_digest)) FROM confirmations"
                )
                secrets += digests.split(separator: "\n").map(String.init)
                let keys = String(decoding: try Files.read("\(instance.directory)/keys/instance.keys"), as: UTF8.self)
                let words = keys.split { "\n :".contains($0) }.filter { $0.count >= 32 }
                #expect(!words.isEmpty)
                secrets += words.map { String($0) }

                let log = "\(instance.directory)/log"
                // The search finds what is there.
                #expect(try search(log, for: [unavailable["request-id"] ?? "-"]).contains("access.log"))
                #expect(try search(log, for: secrets) == "")
                #expect(try search(log, for: ["planted", "$argon2", "gh_c_"]) == "")
            }
        }

        /// The files that hold one of the texts, in capitals or not.
        private func search(_ directory: String, for texts: [String]) throws -> String {
            let patterns = texts.flatMap { ["-e", $0] }
            let grep = try Command.run("grep", ["-rliF"] + patterns + ["--", directory])
            guard [.exited(0), .exited(1)].contains(grep.end) else { throw Failure("grep \(grep.end): \(grep.errors)") }
            return grep.text
        }
    }
}
