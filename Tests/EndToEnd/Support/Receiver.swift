import JSON
import Linux
import LinuxTestSupport
import Testing

extension Instance {
    /// Has a receiver told of everything that happens from now on.
    func createWebhook(at receiver: Receiver, as token: String) throws {
        let answer = try postWebhook("http://127.0.0.1:\(receiver.port)/", as: token)
        #expect(answer.status == 201, "\(answer.text)")
        try receiver.learn(secret: try #require(try answer.json()["data"]?["secret"]?.string))
    }

    /// Asks for a webhook.
    func postWebhook(_ url: String, as token: String) throws -> HTTPResponse {
        try send(HTTPRequest("POST", "/api/v1/webhooks", token: token, json: #"{"url":"\#(url)"}"#))
    }

    /// The maintenance process, once it is ready.
    func maintenanceProcess() throws -> Int32 {
        var found: Int32?
        try eventually("a maintenance process is ready", within: 120) {
            let line = try command(["status"]).split(separator: "\n").first { $0.hasPrefix("maintenance ") }
            let words = (line ?? "").split(separator: " ")
            guard let index = words.firstIndex(of: "pid"), words.last == "ready" else { return false }
            found = Int32(words[index + 1])
            return found != nil
        }
        return try #require(found)
    }
}

/// A receiver of webhooks that writes down what it gets, and checks it by itself: scripts/webhook-receiver.
struct Receiver {
    private let directory: TemporaryDirectory
    private let server: LoopbackServer

    /// Starts one that does, or does not, answer.
    init(answers: Bool = true) throws {
        directory = try TemporaryDirectory()
        let (file, secret) = (directory.file("got"), directory.file("secret"))
        server = try LoopbackServer(
            "exec '\(Program.root)/scripts/webhook-receiver' '\(file)' --secret '\(secret)' \(answers ? "" : "--silent")",
            output: directory.file("errors")
        )
    }

    var port: UInt16 { server.port }

    /// What it checks messages by.
    func learn(secret: String) throws {
        try Files.replace(directory.file("secret"), with: Array(secret.utf8), permissions: 0o600)
    }

    /// What its own reckoning said of each message.
    func verdicts() throws -> [Substring] { try lines().map { $0.split(separator: " ", maxSplits: 2)[1] } }

    /// The places in the log of what was told of a user, in the order in which it came.
    func told(of user: String) throws -> [String] {
        try lines().compactMap { line in
            guard case .object(let event)? = try? JSONReader.read(Array(line.drop { $0 != "{" }.utf8)),
                event["subject"] == .string(user), case .string(let sequence)? = event["sequence"]
            else { return nil }
            return sequence
        }
    }

    /// The last one may not be whole yet.
    private func lines() throws -> [Substring] {
        let text = String(decoding: try Files.read(directory.file("got"), limit: 16 << 20), as: UTF8.self)
        return Array(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast())
    }
}
