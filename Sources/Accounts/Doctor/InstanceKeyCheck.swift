internal import Linux
internal import Security

/// Whether the secrets of the instance are there and can be read.
package struct InstanceKeyCheck: Check {
    private let path: String

    /// Names the file of the secrets.
    package init(path: String) {
        self.path = path
    }

    package func run() -> [Finding] {
        do {
            let keys = try InstanceKeys(text: String(decoding: try Files.read(path, limit: 64 << 10), as: UTF8.self))
            return [.ok("keys", "\(path) can be read; secrets: \(keys.count)")]
        } catch let error as SystemError where error.isMissing {
            return [.warning("keys", "there are no secrets at \(path) yet", remedy: "gatehouse serve makes them")]
        } catch {
            return [
                .error(
                    "keys",
                    "\(path) cannot be read (\(error))",
                    remedy: "put the file of the backup in its place, or remove it and lose the cursors that it signed"
                )
            ]
        }
    }
}
