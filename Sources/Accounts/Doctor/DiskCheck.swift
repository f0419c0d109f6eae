internal import Linux
internal import Services

/// Whether the file system of the instance has room, judged as `/health` does.
package struct DiskCheck: Check {
    private let path: String

    /// Names any path on the file system.
    package init(path: String) {
        self.path = path
    }

    package func run() -> [Finding] {
        do throws(SystemError) {
            return [finding(try FileSystemSpace(holding: path))]
        } catch {
            return [.error("disk", "\(error)", remedy: "look at the disk")]
        }
    }

    func finding(_ space: FileSystemSpace) -> Finding {
        let message = "\(Self.mebibytes(space.available)) of \(Self.mebibytes(space.total)) MiB are free at \(path)"
        let remedy = "make room, or move the directory to a larger disk"
        return switch HealthReport.Disk(available: space.available, total: space.total) {
        case .sufficient: .ok("disk", message)
        case .low: .warning("disk", message, remedy: remedy)
        case .insufficient: .error("disk", message, remedy: remedy)
        }
    }

    private static func mebibytes(_ bytes: Int64) -> String { "\(bytes >> 20)" }
}
