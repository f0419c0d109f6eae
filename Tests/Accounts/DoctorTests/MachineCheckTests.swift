import Linux
import LinuxTestSupport
import Testing

@testable import Doctor

struct PermissionCheckTests {
    private let check = PermissionCheck("/data/keys", widest: 0o700, exposure: .secret, owner: 1000)

    @Test func `what nobody else may use is good`() {
        let status = FileStatus(kind: .directory, permissions: 0o700, owner: 1000)
        #expect(check.findings(status).map(\.severity) == [.ok])
    }

    @Test(arguments: [0o750, 0o701, 0o777] as [UInt32])
    func `what others may use is an error with the command that mends it`(permissions: UInt32) {
        let findings = check.findings(FileStatus(kind: .directory, permissions: permissions, owner: 1000))
        #expect(findings.map(\.severity) == [.error])
        #expect(findings.first?.remedy == "chmod 0700 /data/keys")
    }

    @Test func `what is only nobody's business is a warning`() {
        let check = PermissionCheck("/data/log", widest: 0o750, exposure: .privacy, owner: nil)
        let findings = check.findings(FileStatus(kind: .directory, permissions: 0o755, owner: 7))
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test func `another owner is a warning`() {
        let findings = check.findings(FileStatus(kind: .directory, permissions: 0o700, owner: 0))
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings.first?.remedy == "chown 1000 /data/keys")
    }

    @Test func `what is missing counts only where it is needed`() throws {
        let path = try TemporaryDirectory().file("none")
        #expect(PermissionCheck(path, widest: 0o700, exposure: .secret, owner: nil).run().isEmpty)
        let needed = PermissionCheck(path, widest: 0o700, exposure: .secret, owner: nil, isRequired: true).run()
        #expect(needed.map(\.severity) == [.error])
    }
}

struct KernelCheckTests {
    private let check = KernelCheck(backlog: 4096, lockFile: "/none")

    @Test func `a queue shorter than the backlog is a warning`() {
        #expect(check.queue(4096).severity == .ok)
        #expect(check.queue(128).severity == .warning)
    }

    @Test func `few descriptors are a warning`() {
        #expect(check.descriptors(65_536, ofPool: true).severity == .ok)
        #expect(check.descriptors(1024, ofPool: true).severity == .warning)
    }

    @Test func `the hard limit counts, to which workers raise their own`() {
        let line = "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 "
        #expect(KernelCheck.descriptorLimit(in: line + "524288               files\n") == 524_288)
        #expect(KernelCheck.descriptorLimit(in: line + "unlimited            files\n") == Int.max)
        #expect(KernelCheck.descriptorLimit(in: line) == nil)
        #expect(KernelCheck.descriptorLimit(in: "") == nil)
    }

    @Test func `this machine tells both`() {
        #expect(check.run().count == 2)
    }
}

struct DiskCheckTests {
    @Test func `room is judged as the health of the service is`() {
        let check = DiskCheck(path: "/")
        let gibibyte: Int64 = 1 << 30
        #expect(check.finding(FileSystemSpace(available: 50 * gibibyte, total: 100 * gibibyte)).severity == .ok)
        #expect(check.finding(FileSystemSpace(available: 9 * gibibyte, total: 100 * gibibyte)).severity == .warning)
        #expect(check.finding(FileSystemSpace(available: 99 << 20, total: gibibyte)).severity == .error)
        #expect(DiskCheck(path: "/none/at/all").run().map(\.severity) == [.error])
    }
}

struct PoolCheckTests {
    @Test func `the answer of the supervisor decides`() {
        let check = PoolCheck(commandSocket: "/none", serveCommand: "gatehouse serve")
        #expect(check.finding(answer: "ok: generation 1 serves with 2 workers\nworker 0\n").severity == .ok)
        #expect(check.finding(answer: "error: no worker is ready\n").severity == .error)
        #expect(check.finding(answer: "").severity == .error)
        #expect(check.run().map(\.severity) == [.warning])
    }
}

struct LibraryCheckTests {
    @Test func `the libraries of this process are told`() {
        let findings = LibraryCheck(hasDatabaseFile: true).run()
        #expect(findings.allSatisfy { $0.severity == .ok })
        #expect(findings.contains { $0.message.hasPrefix("SQLite 3.") })
        #expect(findings.contains { $0.message.hasPrefix("libsodium 1.") })
        #expect(findings.contains { $0.message.hasPrefix("libcurl ") })
        #expect(!LibraryCheck(hasDatabaseFile: false).run().contains { $0.message.hasPrefix("SQLite") })
    }

    @Test func `that nothing can be sent is told before something is to be sent`() {
        struct Missing: Error {}
        let finding = LibraryCheck.curl(.failure(Missing()))
        #expect(finding.severity == .warning && finding.remedy == "apt install libcurl4")
    }

    @Test func `a version that can lose commits is told with what keeps it from doing so`() {
        #expect(LibraryCheck.engine("SQLite 3.40.1", true).contains("no other tool"))
        #expect(LibraryCheck.engine("SQLite 3.51.3", false) == "SQLite 3.51.3")
    }

    @Test func `a library is found among the mapped files`() {
        let maps = "7f00-7f10 r-xp 00000000 08:01 42   /usr/lib/libfcgi.so.0.0.0\n7f20-7f30 rw-p 0 00:00 0\n"
        #expect(LibraryCheck.path(of: "libfcgi", in: maps) == "/usr/lib/libfcgi.so.0.0.0")
        #expect(LibraryCheck.path(of: "libother", in: maps) == "part of this program")
    }
}

struct InstanceKeyCheckTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `secrets that are not there yet are a warning, unreadable ones an error`() throws {
        let path = directory.file("keys")
        #expect(InstanceKeyCheck(path: path).run().map(\.severity) == [.warning])
        try Files.replace(path, with: Array("no key\n".utf8), permissions: 0o600)
        #expect(InstanceKeyCheck(path: path).run().map(\.severity) == [.error])
        let secret = String(repeating: "0f", count: 32)
        try Files.replace(path, with: Array("\(secret)\n".utf8), permissions: 0o600)
        #expect(InstanceKeyCheck(path: path).run().map(\.severity) == [.ok])
    }
}
