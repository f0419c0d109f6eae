import Foundation

/// A directory of a test's own, removed with everything in it when its owner ends.
///
/// Its path is short, because the path of a unix socket has room for 107 bytes.
package final class ScratchDirectory: Sendable {
    /// The absolute path, readable by this user only.
    package let path: String

    /// Makes an empty directory.
    package init() throws {
        path = "/tmp/gh-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
