import JSON
import Linux
import LinuxTestSupport
import Testing

extension EndToEndTests {
    /// Mail of a whole instance: into a directory, and to a real mail server.
    @Suite struct MailTests {
        private let password = "a long sentence of mine"
        private let other = "another long sentence"

        private func options(_ settings: [String], on home: DatabaseHome = .file) throws -> Instance.Options {
            var options = home.options()
            options.settings = ["GATEHOUSE_MAIL_TEMPLATES=\(Program.root)/mail"] + settings
            return options
        }

        /// The token in the newest message that has this subject, once it is there.
        private func token(_ subject: String, _ messages: () throws -> [String]) throws -> String {
            var found: String?
            try eventually("a mail \"\(subject)\"", within: 60) {
                let message = try messages().last { $0.contains("Subject: \(subject)") }
                found = message.flatMap { message in
                    // Soft ends of lines may stand in it.
                    let text = message.replacing("=\r\n", with: "")
                    return text.firstRange(of: "gh_c_").map { String(text[$0.lowerBound...].prefix(48)) }
                }
                return found != nil
            }
            return found ?? ""
        }

        private func messages(in directory: String) throws -> [String] {
            guard Files.exists(directory) else { return [] }
            return try Files.names(inDirectory: directory).filter { $0.hasSuffix(".eml") }.sorted()
                .map { String(decoding: try Files.read("\(directory)/\($0)"), as: UTF8.self) }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a password is reset by the mail in the directory, and no log shows the token`(home: DatabaseHome) throws {
            try Instance.run(options(["GATEHOUSE_MAIL_MODE=directory"], on: home)) { instance in
                let admin = try instance.signIn()
                _ = try instance.createUser("ada@example.com", password: password, as: admin)
                let session = try instance.signIn("ada@example.com", password)
                let answers = try ["Ada@example.com", "nobody@example.com"].map {
                    try instance.send(HTTPRequest("POST", "/api/password-resets", json: #"{"email":"\#($0)"}"#))
                }
                #expect(answers.map(\.status) == [202, 202])
                #expect(answers[0].text == answers[1].text)
                let directory = "\(instance.directory)/mail"
                let token = try token("Set a new password for") { try messages(in: directory) }
                func confirm() throws -> Int {
                    try instance.send(
                        HTTPRequest(
                            "POST",
                            "/api/password-resets/confirmations",
                            json: #"{"token":"\#(token)","password":"\#(other)"}"#
                        )
                    ).status
                }
                #expect(try confirm() == 204)
                #expect(try confirm() == 400)
                #expect(try instance.send(HTTPRequest("GET", "/api/me", token: session)).status == 401)
                _ = try instance.signIn("ada@example.com", other)
                try eventually("a notice of the new password", within: 60) {
                    try messages(in: directory).contains { $0.contains("was changed") }
                }
                #expect(try messages(in: directory).allSatisfy { !$0.contains("To: nobody") })

                // Neither the logs nor what is stored, with the log of events, hold the token.
                let places = ["log", "gatehouse.db"].map { "\(instance.directory)/\($0)" }.filter(Files.exists)
                let grep = try Command.run("grep", ["-rlaF", "-e", token, "-e", "gh_c_", "--"] + places)
                #expect(grep.text == "")
                #expect(try Command.run("grep", ["-rlF", "-e", token, "--", directory]).text != "", "the search finds")
            }
        }

        @Test func `an address is changed by mails to both, which a real mail server gets`() throws {
            let server = try MailServer()
            let settings = [
                "GATEHOUSE_MAIL_MODE=smtp", "GATEHOUSE_MAIL_HOST=127.0.0.1", "GATEHOUSE_MAIL_PORT=\(server.port)",
                "GATEHOUSE_MAIL_SECURITY=none", "GATEHOUSE_MAIL_SENDER=site@example.org",
                "GATEHOUSE_SITE_NAME=The Site",
                "GATEHOUSE_MAIL_LINK=https://site.example/account",
            ]
            try Instance.run(options(settings)) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("ada@example.com", password: password, as: admin)
                let session = try instance.signIn("ada@example.com", password)
                let directly = HTTPRequest(
                    "PATCH",
                    "/api/users/\(id)",
                    token: session,
                    json: #"{"email":"new@example.com"}"#
                )
                #expect(try instance.send(directly).status == 403)
                let asked = HTTPRequest(
                    "POST",
                    "/api/email-changes",
                    token: session,
                    json: #"{"email":"new@example.com"}"#
                )
                #expect(try instance.send(asked).status == 202)
                for (subject, progress) in [("Your address at", "waiting"), ("Confirm your new address", "changed")] {
                    let token = try token(subject, server.messages)
                    let answer = try instance.send(
                        HTTPRequest("POST", "/api/email-changes/confirmations", json: #"{"token":"\#(token)"}"#)
                    )
                    #expect(answer.text.contains(progress), "\(answer.text)")
                }
                let me = try instance.send(HTTPRequest("GET", "/api/me", token: session))
                #expect(me.text.contains(#""email":"new@example.com""#))
                let verified = try instance.send(HTTPRequest("GET", "/api/email-verifications", token: session))
                #expect(!verified.text.contains("null"), "\(verified.text)")
                let envelopes = try server.envelopes()
                #expect(envelopes.contains { $0.contains(#""to": ["new@example.com"]"#) })
                #expect(envelopes.allSatisfy { $0.contains(#""from": "site@example.org""#) })
                #expect(try instance.command(["mail", "test", "ada@example.com"]).contains("the mail was sent"))
            }
        }

        @Test func `a mail server that is away is waited for, and gets each mail then`() throws {
            let directory = try TemporaryDirectory()
            let settings = [
                "GATEHOUSE_MAIL_MODE=directory", "GATEHOUSE_MAIL_DIRECTORY=\(directory.file("taken/mail"))",
            ]
            // Nothing can be written below a file.
            try Files.replace(directory.file("taken"), with: [], permissions: 0o600)
            try Instance.run(options(settings)) { instance in
                let asked = HTTPRequest(
                    "POST",
                    "/api/password-resets",
                    json: #"{"email":"\#(Instance.administratorEmail)"}"#
                )
                #expect(try instance.send(asked).status == 202)
                try eventually("the mail waits", within: 60) {
                    try instance.sqlite("SELECT failures > 0 FROM consumers WHERE name = 'mail'") == "1\n"
                }
                try Files.remove(directory.file("taken"))
                try Files.makeDirectory(directory.file("taken"), permissions: 0o755)
                try eventually("the mail is written", within: 120) {
                    try messages(in: directory.file("taken/mail")).count == 1
                }
            }
        }

        @Test func `a mistake in the settings of mail is told by the command that tries them`() throws {
            try Instance.prepared { instance in
                let off = try instance.attempt(["mail", "test", "ada@example.com"])
                #expect(!off.succeeded && off.errors.contains("mail.mode is off"), "\(off.errors)")
                let missing = try instance.attempt(
                    ["mail", "test", "ada@example.com"],
                    settings: ["GATEHOUSE_MAIL_MODE=directory", "GATEHOUSE_MAIL_TEMPLATES=/nowhere"]
                )
                #expect(!missing.succeeded && missing.errors.contains("mail.templates"), "\(missing.errors)")
                let away = try instance.attempt(
                    ["mail", "test", "ada@example.com"],
                    settings: try options(
                        ["GATEHOUSE_MAIL_MODE=smtp", "GATEHOUSE_MAIL_HOST=127.0.0.1", "GATEHOUSE_MAIL_PORT=1"]
                    ).settings
                )
                #expect(!away.succeeded && away.errors.contains("not reached"), "\(away.errors)")
            }
        }
    }
}
