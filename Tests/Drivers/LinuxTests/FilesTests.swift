import Linux
import LinuxTestSupport
import Testing

struct FilesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    // MARK: - replace

    @Test func `a replaced file has the new content and the permissions asked for`() throws {
        let path = directory.file("f")
        try Files.replace(path, with: [1, 2], permissions: 0o640)
        #expect(try directory.permissions(of: "f") == "640")
        try Files.replace(path, with: [3], permissions: 0o666)
        #expect(try Files.read(path) == [3])
        #expect(try directory.permissions(of: "f") == "666")
        #expect(try directory.names() == ["f"])
    }

    @Test func `readers and writers at once see whole contents only`() throws {
        let path = directory.file("f")
        let contents = (1...3).map { [UInt8](repeating: $0, count: Int($0) * 30_000) }
        try Files.replace(path, with: contents[0], permissions: 0o600)
        let ends = Semaphore(permits: 0)
        for content in contents {
            _ = try Thread(name: "writer") {
                for _ in 0..<30 {
                    do {
                        try Files.replace(path, with: content, permissions: 0o600)
                    } catch {
                        Issue.record(error)
                    }
                }
                ends.signal()
            }
        }
        var left = contents.count
        var torn = 0
        while left > 0 {
            if !contents.contains(try Files.read(path)) { torn += 1 }
            if ends.wait(nanoseconds: 0) { left -= 1 }
        }
        #expect(torn == 0)
        #expect(try directory.names() == ["f"])
    }

    @Test func `a replacement that fails leaves nothing behind`() throws {
        try Files.makeDirectory(directory.file("d/inner"), permissions: 0o755)
        #expect(throws: SystemError.self) {
            try Files.replace(directory.file("d"), with: [1], permissions: 0o600)
        }
        #expect(try directory.names() == ["d"])
        #expect(throws: SystemError.self) {
            try Files.replace(directory.file("missing/f"), with: [1], permissions: 0o600)
        }
    }

    // MARK: - Directories

    @Test func `a directory is made with what is missing above it`() throws {
        try Files.makeDirectory(directory.file("a/b/c"), permissions: 0o700)
        #expect(Files.isDirectory(directory.file("a/b/c")))
        #expect(try directory.permissions(of: "a/b") == "700")
        try Files.makeDirectory(directory.file("a/b/c"), permissions: 0o700)
        try Files.makeDirectory(directory.file("a//x/"), permissions: 0o700)
        #expect(Files.isDirectory(directory.file("a/x")))
    }

    @Test func `a file in the way of a directory is an error`() throws {
        try Files.replace(directory.file("f"), with: [], permissions: 0o600)
        #expect(throws: SystemError.self) { try Files.makeDirectory(directory.file("f"), permissions: 0o700) }
        #expect(throws: SystemError.self) { try Files.makeDirectory(directory.file("f/g"), permissions: 0o700) }
    }

    // MARK: - The rest

    @Test func `permissions and existence`() throws {
        let path = directory.file("f")
        #expect(!Files.exists(path))
        try Files.replace(path, with: [], permissions: 0o600)
        #expect(Files.exists(path))
        #expect(!Files.isDirectory(path))
        try Files.setPermissions(path, 0o644)
        #expect(try directory.permissions(of: "f") == "644")
        try Files.remove(path)
        try Files.remove(path)
        #expect(!Files.exists(path))
        #expect(throws: SystemError("chmod \(path)", errorNumber: 2)) { try Files.setPermissions(path, 0o600) }
    }

    @Test func `a group that does not exist is named`() throws {
        let path = directory.file("f")
        try Files.replace(path, with: [], permissions: 0o600)
        let expected = SystemError("find the group no-such-group", errorNumber: 2)
        #expect(throws: expected) { try Files.setGroup(path, "no-such-group") }
        #expect(expected.isMissing)
        #expect("\(expected)" == "find the group no-such-group: No such file or directory")
    }

    @Test func `a file can be given to one's own group`() throws {
        let path = directory.file("f")
        try Files.replace(path, with: [], permissions: 0o600)
        let group = try Shell.run("id -gn").output
        try Files.setGroup(path, group)
        #expect(try Shell.run("stat -c %G '\(path)'").output == group)
    }

    @Test func `an opened file appends or keeps its content`() throws {
        let path = directory.file("log")
        for byte in 1...3 as ClosedRange<UInt8> {
            try Files.open(path, .append(permissions: 0o640)).writeAll([byte])
        }
        #expect(try Files.open(path, .readWrite(permissions: 0o600)).readAll(limit: 9) == [1, 2, 3])
        #expect(throws: SystemError("read \(path)", errorNumber: 27)) { try Files.read(path, limit: 2) }
        let missing = directory.file("missing")
        #expect(throws: SystemError("open \(missing)", errorNumber: 2)) { _ = try Files.open(missing, .read) }
    }

    @Test func `a file in memory is read from its start`() throws {
        #expect(try Files.inMemory([1, 2, 3]).readAll(limit: 3) == [1, 2, 3])
    }

    @Test func `an absolute path stays, a relative one is seen from the working directory`() {
        #expect(Files.absolute("/a/b") == "/a/b")
        let here = Files.absolute(".")
        #expect(here.hasPrefix("/"))
        #expect(Files.absolute("") == here)
        #expect(Files.absolute("x") == "\(here)/x")
    }

    @Test func `a file system tells its space`() throws {
        let space = try FileSystemSpace(holding: directory.path)
        #expect(space.total > 0)
        #expect((0...space.total).contains(space.available))
        #expect(throws: SystemError.self) { try FileSystemSpace(holding: directory.file("missing")) }
    }
}
