import Linux
import Synchronization
import Testing

/// The instances that run now, for whoever has to explain a failure.
enum RunningInstances {
    private static let directories = Mutex<[String]>([])

    static func add(_ directory: String) {
        directories.withLock { $0.append(directory) }
    }

    static func remove(_ directory: String) {
        directories.withLock { $0.removeAll { $0 == directory } }
    }

    /// The last lines of the logs of all instances that run.
    static func logs() -> String {
        directories.withLock { $0 }.flatMap { directory in
            ["events.log", "access.log", "nginx-error.log"].map { name in
                let bytes = (try? Files.read("\(directory)/log/\(name)")) ?? []
                let lines = String(decoding: bytes.suffix(16 << 10), as: UTF8.self).split(separator: "\n").suffix(12)
                return "--- \(directory)/log/\(name)\n\(lines.joined(separator: "\n"))"
            }
        }.joined(separator: "\n")
    }
}

extension Trait where Self == IssueHandlingTrait {
    /// Adds the last lines of the logs of what runs to each failure.
    static var toldWithLogs: Self {
        .compactMapIssues { issue in
            var issue = issue
            let logs = RunningInstances.logs()
            if !logs.isEmpty { issue.comments.append("\(logs)") }
            return issue
        }
    }
}
