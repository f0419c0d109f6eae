package import JSON

/// One thing that was looked at.
package struct Finding: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Comparable, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// It works, and somebody should look.
        case warning
        /// It does not work, or is open to others.
        case error

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// What it is about: one word.
    package let subject: String

    /// How bad it is.
    package let severity: Severity

    /// What was found.
    package let message: String

    /// What mends it; nil where nothing has to be mended.
    package let remedy: String?

    private init(_ subject: String, _ severity: Severity, _ message: String, _ remedy: String?) {
        self.subject = subject
        self.severity = severity
        self.message = message
        self.remedy = remedy
    }

    /// Something that is as it should be.
    package static func ok(_ subject: String, _ message: String) -> Finding {
        Finding(subject, .ok, message, nil)
    }

    /// Something that somebody should look at.
    package static func warning(_ subject: String, _ message: String, remedy: String) -> Finding {
        Finding(subject, .warning, message, remedy)
    }

    /// Something that does not work, or is open to others.
    package static func error(_ subject: String, _ message: String, remedy: String) -> Finding {
        Finding(subject, .error, message, remedy)
    }

    /// Message and remedy in one line.
    package var sentence: String {
        remedy.map { "\(message): \($0)" } ?? message
    }
}

extension Finding: JSONWritable {
    /// An object with `subject`, `severity`, `message` and `remedy`.
    package func write(to writer: inout JSONWriter) {
        writer.object { finding in
            finding.member("subject", subject)
            finding.member("severity", severity.rawValue)
            finding.member("message", message)
            finding.member("remedy", remedy)
        }
    }
}

/// Something that can be looked at by itself.
///
/// It changes nothing, and what it cannot look at is a finding too.
package protocol Check {
    /// Looks; blocks as long as that takes.
    func run() -> [Finding]
}
