import Linux
import LinuxTestSupport
import Testing

struct FileLockTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("lock")
    }

    private func isFree() throws -> Bool {
        guard let lock = try FileLock(path: path) else { return false }
        withExtendedLifetime(lock) {}
        return true
    }

    /// A child that another test starts holds all descriptors for a moment, until its exec.
    private func waitUntilFree() throws {
        let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
        while try !isFree() { try #require(SystemClock.monotonicNanoseconds() < deadline) }
    }

    @Test func `a second holder is refused until the first one ends`() throws {
        do {
            let lock = try FileLock(path: path)
            let isSecondRefused = try !isFree()
            #expect(isSecondRefused)
            withExtendedLifetime(lock) {}
        }
        try waitUntilFree()
    }

    @Test func `another process is refused, and takes the lock when it is free`() throws {
        do {
            let lock = try FileLock(path: path)
            #expect(try Shell.run("flock -n '\(path)' true || echo refused").output == "refused")
            withExtendedLifetime(lock) {}
        }
        #expect(try Shell.run("flock -w 10 '\(path)' echo taken").output == "taken")
    }

    @Test func `the file holds the id of the process, and that alone`() throws {
        try Files.replace(path, with: Array("some much longer content\n".utf8), permissions: 0o600)
        let lock = try FileLock(path: path)
        #expect(try Files.read(path) == Array("\(ThisProcess.id)\n".utf8))
        withExtendedLifetime(lock) {}
    }

    @Test func `a refused attempt leaves the holder's id`() throws {
        let held = try FileLock(path: path)
        #expect(try !isFree())
        #expect(try Files.read(path) == Array("\(ThisProcess.id)\n".utf8))
        withExtendedLifetime(held) {}
    }

    @Test func `a child that outlives the owner does not keep the lock`() throws {
        let output = try Files.inMemory([])
        let gate = try Sockets.pair(kind: .stream)
        let child: Int32
        do {
            let lock = try FileLock(path: path)
            child = try Shell.start("read line <&3", output: output, descriptors: [gate.second.number])
            withExtendedLifetime(lock) {}
        }
        try waitUntilFree()
        try gate.first.writeAll(Array("go\n".utf8))
        #expect(try ChildProcess.wait(for: child) == .exited(0))
    }

    @Test func `a path that cannot be opened is an error`() {
        #expect(throws: SystemError("open \(path)/x", errorNumber: 2)) { _ = try FileLock(path: "\(path)/x") }
    }
}
