import Database
import Linux
import LinuxTestSupport
import Testing

@testable import Doctor

/// Whether the newest backup is as new as it should be.
struct BackupAgeCheckTests {
    private let directory: TemporaryDirectory
    /// 2026-11-28T00:00:00Z.
    private let midnight: Int64 = 1_795_824_000_000_000

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func severity(now: Int64) -> [Finding.Severity] {
        let backups = BackupDirectory(path: directory.path, prefix: "gatehouse", retention: BackupRetention())
        return BackupAgeCheck(directory: backups, interval: .seconds(86_400), now: now).run().map(\.severity)
    }

    @Test func `none, and one that is too old, are told`() throws {
        #expect(severity(now: midnight) == [.warning])
        try Files.replace(directory.file("gatehouse-2026-11-28T000000Z.db"), with: [1], permissions: 0o600)
        #expect(severity(now: midnight) == [.ok])
        #expect(severity(now: midnight + 86_400_000_000) == [.ok])
        #expect(severity(now: midnight + 3 * 86_400_000_000) == [.warning])
    }
}
