internal import Cryptography
internal import Curl
internal import Database
internal import Linux

/// Which libraries the process has loaded, and whether it can load the one that sends.
///
/// What a database on a server needs is found out by ``DatabaseServerCheck``, which connects.
package struct LibraryCheck: Check {
    private let hasDatabaseFile: Bool

    /// Says whether the database is a file, and what the engine in this process does counts.
    package init(hasDatabaseFile: Bool) {
        self.hasDatabaseFile = hasDatabaseFile
    }

    package func run() -> [Finding] {
        let engine: [Finding] =
            hasDatabaseFile
            ? [.ok("libraries", Self.engine(DatabaseEngine.version, DatabaseEngine.losesCommitsBesideCheckpoints))] : []
        return engine + [
            .ok("libraries", "libsodium \(CryptographyLibrary.version)"),
            .ok("libraries", "libfcgi, which tells no version: \(Self.path(of: "libfcgi", in: Self.maps()))"),
            Self.curl(Result { try CurlLibrary.version() }),
        ]
    }

    /// The library is loaded with the first mail or webhook, which is late to learn that it is not there.
    static func curl(_ version: Result<String, any Error>) -> Finding {
        switch version {
        case .success(let version): .ok("libraries", "libcurl \(version)")
        case .failure(let error):
            .warning("libraries", "\(error): no mail and no webhook can be sent", remedy: "apt install libcurl4")
        }
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
