internal import Linux
internal import WorkerPool

/// Whether a pool serves the instance.
package struct PoolCheck: Check {
    private let commandSocket: String
    private let serveCommand: String

    /// Names where the supervisor listens for commands, and what starts it, for the remedy.
    package init(commandSocket: String, serveCommand: String) {
        self.commandSocket = commandSocket
        self.serveCommand = serveCommand
    }

    package func run() -> [Finding] {
        do throws(SystemError) {
            return [finding(answer: try CommandSocket.send("status", to: commandSocket))]
        } catch {
            guard error.isMissing || error.isRefused else {
                return [.error("pool", "\(error)", remedy: "run this as the user of the data directory")]
            }
            return [.warning("pool", "no pool serves", remedy: "start it with \(serveCommand)")]
        }
    }

    func finding(answer: String) -> Finding {
        let line = answer.split(separator: "\n").first.map(String.init) ?? "the supervisor gave no answer"
        if line.hasPrefix("ok: ") { return .ok("pool", String(line.dropFirst("ok: ".count))) }
        let text = line.hasPrefix("error: ") ? String(line.dropFirst("error: ".count)) : line
        return .error("pool", text, remedy: "read the events of the supervisor (docs/operations.md, \"Logs\")")
    }
}
