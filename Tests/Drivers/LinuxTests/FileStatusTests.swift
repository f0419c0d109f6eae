import Linux
import LinuxTestSupport
import Testing

struct FileStatusTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `a file tells what it is, its permissions, its owner and its size`() throws {
        let path = directory.file("f")
        try Files.replace(path, with: [1, 2, 3], permissions: 0o640)
        let status = try FileStatus(of: path)
        #expect(status == FileStatus(kind: .file, permissions: 0o640, owner: ThisProcess.user, size: 3))
        #expect(try FileStatus(of: directory.path).kind == .directory)
    }

    @Test func `what is not there is missing`() throws {
        let error = #expect(throws: SystemError.self) { try FileStatus(of: directory.file("none")) }
        #expect(error?.isMissing == true)
        #expect(throws: SystemError.self) { try Files.checkAccess(toDirectory: directory.file("none")) }
        try Files.checkAccess(toDirectory: directory.path)
    }

    @Test func `a file is no directory to enter`() throws {
        let path = directory.file("f")
        try Files.replace(path, with: [], permissions: 0o700)
        #expect(throws: SystemError.self) { try Files.checkAccess(toDirectory: path) }
    }
}
