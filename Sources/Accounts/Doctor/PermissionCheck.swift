internal import Linux

/// Who may use a file or directory of the instance.
package struct PermissionCheck: Check {
    /// What it costs where others may do more than they should.
    package enum Exposure: Sendable {
        /// Others learn or do what only this instance may.
        case secret
        /// Others see what is nobody else's business.
        case privacy
    }

    private let path: String
    private let widest: UInt32
    private let exposure: Exposure
    private let owner: UInt32?
    private let isRequired: Bool

    /// Names what is looked at.
    ///
    /// - Parameters:
    ///   - path: the file or directory.
    ///   - widest: the permissions it may have at most.
    ///   - exposure: what it costs where it has more.
    ///   - owner: whose it should be; nil where that does not matter.
    ///   - isRequired: whether it is an error that it is missing.
    package init(_ path: String, widest: UInt32, exposure: Exposure, owner: UInt32?, isRequired: Bool = false) {
        self.path = path
        self.widest = widest
        self.exposure = exposure
        self.owner = owner
        self.isRequired = isRequired
    }

    package func run() -> [Finding] {
        let status: FileStatus
        do throws(SystemError) {
            status = try FileStatus(of: path)
        } catch {
            if error.isMissing, !isRequired { return [] }
            return [
                .error("permissions", "\(error)", remedy: "make it, or run this as the user of the data directory")
            ]
        }
        return findings(status)
    }

    func findings(_ status: FileStatus) -> [Finding] {
        var findings: [Finding] = []
        if status.permissions & ~widest != 0 {
            let message = "\(path) has mode \(Self.octal(status.permissions)), at most \(Self.octal(widest)) is right"
            let remedy = "chmod \(Self.octal(status.permissions & widest)) \(path)"
            findings.append(
                exposure == .secret
                    ? .error("permissions", message, remedy: remedy)
                    : .warning("permissions", message, remedy: remedy)
            )
        }
        if let owner, status.owner != owner {
            findings.append(
                .warning(
                    "permissions",
                    "\(path) belongs to user \(status.owner) and the data directory to user \(owner)",
                    remedy: "chown \(owner) \(path)"
                )
            )
        }
        return findings.isEmpty ? [.ok("permissions", "\(path) \(Self.octal(status.permissions))")] : findings
    }

    private static func octal(_ permissions: UInt32) -> String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
