internal import Cryptography
internal import Database
internal import Linux

/// Which libraries the process has loaded.
package struct LibraryCheck: Check {
    /// Takes nothing: the process knows.
    package init() {}

    package func run() -> [Finding] {
        [
            .ok("libraries", Self.engine(DatabaseEngine.version, DatabaseEngine.losesCommitsBesideCheckpoints)),
            .ok("libraries", "libsodium \(CryptographyLibrary.version)"),
            .ok("libraries", "libfcgi, which tells no version: \(Self.path(of: "libfcgi", in: Self.maps()))"),
        ]
    }

    /// The note about the engine; no warning, because our own checkpoints avoid the fault.
    static func engine(_ version: String, _ losesCommits: Bool) -> String {
        guard losesCommits else { return version }
        return "\(version), which can lose commits where a checkpoint runs beside a writer (fixed in 3.51.3); "
            + "Gatehouse's checkpoints hold the write lock, so let no other tool checkpoint the database"
    }

    /// The file of a library among those that the process has mapped.
    static func path(of library: String, in maps: String) -> String {
        let paths = maps.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        return paths.first { $0.split(separator: "/").last?.hasPrefix(library) == true }.map(String.init)
            ?? "part of this program"
    }

    private static func maps() -> String {
        String(decoding: (try? Files.read("/proc/self/maps")) ?? [], as: UTF8.self)
    }
}
