internal import CLinux
internal import Glibc
internal import Linux

/// Where the segment of a directory is: `/dev/shm/PROGRAM-UID-DIGEST`.
///
/// The digest is FNV-1a (RFC 9923) of the directory's canonical path, so that all ways to write one directory lead to
/// one segment. The path itself stands in the segment, and two directories of one digest are told apart by it.
public struct SegmentName: Equatable, Sendable {
    /// The path of the file.
    public let path: String
    /// The canonical path of the directory that the segment is for.
    public let directory: String

    /// Names the segment of a directory, which has to exist.
    ///
    /// - Parameters:
    ///   - program: what the file's name begins with.
    ///   - directory: the data directory of the instance.
    ///   - place: the directory of the file, on a tmpfs, so that it does not outlive the machine's start.
    /// - Throws: ``SharedMemoryError/system(_:)`` where the directory cannot be resolved;
    ///   ``SharedMemoryError/full(what:wanted:available:)`` where its path is longer than a segment can hold.
    public init(program: String, directory: String, in place: String = "/dev/shm") throws(SharedMemoryError) {
        // realpath allocates the text, which is copied and freed here.
        guard let resolved = unsafe realpath(directory, nil) else {
            throw .system(SystemError("resolve \(directory)", errorNumber: linux_errno()))
        }
        defer { unsafe free(resolved) }
        self.directory = unsafe String(cString: resolved)
        let length = self.directory.utf8.count
        guard length <= FirstPart.longestDirectory else {
            throw .full(what: "the path of the directory", wanted: length, available: FirstPart.longestDirectory)
        }
        let digits = String(FNV1a64.hash(self.directory), radix: 16)
        let digest = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        path = "\(place)/\(program)-\(geteuid())-\(digest)"
    }
}

/// The 64-bit FNV-1a hash (RFC 9923): tells things apart, protects against nobody.
enum FNV1a64 {
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
