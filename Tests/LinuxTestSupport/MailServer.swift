internal import Linux

/// A real mail server that keeps what it is given in a directory: scripts/smtp-server.
public final class MailServer: Sendable {
    private let server: LoopbackServer
    private let directory: TemporaryDirectory

    /// Where it listens, at 127.0.0.1.
    public var port: UInt16 { server.port }

    /// Starts one with options of the script.
    public init(_ options: String = "") throws {
        directory = try TemporaryDirectory()
        // Tests/LinuxTestSupport/MailServer.swift
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        server = try LoopbackServer(
            "exec '\(root)/scripts/smtp-server' --directory '\(directory.path)' \(options)",
            output: directory.file("errors")
        )
    }

    /// The messages that it has taken, in order.
    public func messages() throws -> [String] { try contents(".eml") }

    /// How each of them came: a JSON object with `from`, `to`, `hello`, `tls` and `user`.
    public func envelopes() throws -> [String] { try contents(".json") }

    private func contents(_ kind: String) throws -> [String] {
        try directory.names().filter { $0.hasSuffix(kind) }
            .compactMap { Int($0.dropLast(kind.count)) }
            .sorted()
            .map { String(decoding: try Files.read(directory.file("\($0)\(kind)"), limit: 1 << 20), as: UTF8.self) }
    }
}
