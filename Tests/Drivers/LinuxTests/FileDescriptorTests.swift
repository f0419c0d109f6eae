import Linux
import LinuxTestSupport
import Testing

struct FileDescriptorTests {
    init() {
        SignalDescriptor.ignoreWriteFailures()
    }

    @Test func `a descriptor is closed when its owner ends`() throws {
        let pair = try Sockets.pair(kind: .stream)
        do {
            let end = pair.second
            try end.writeAll([1])
        }
        #expect(try pair.first.read(upTo: 10) == [1])
        #expect(try pair.first.read(upTo: 10) == [])
    }

    @Test func `a released descriptor stays open and is the caller's to close`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let number = pair.second.release()
        let owner = FileDescriptor(owning: number)
        #expect(owner.number == number)
        try owner.writeAll([1])
        #expect(try pair.first.read(upTo: 10) == [1])
    }

    @Test func `a duplicate outlives the first owner`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let copy: FileDescriptor
        do {
            let end = pair.second
            copy = try end.duplicate()
        }
        try copy.writeAll([7])
        #expect(try pair.first.read(upTo: 10) == [7])
    }

    @Test func `an abandoned descriptor lets its file go and keeps its number`() throws {
        let pair = try Sockets.pair(kind: .stream)
        pair.second.abandon()
        #expect(try pair.first.read(upTo: 10) == [])
        try pair.second.writeAll([1, 2, 3])
        #expect(try pair.second.read(upTo: 10) == [])
    }

    @Test func `readAll reads a file to its end`() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        #expect(try Files.inMemory(bytes).readAll(limit: 200_000) == bytes)
        #expect(try Files.inMemory([]).readAll(limit: 0) == [])
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 199_999])
    func `readAll refuses a file of more than its limit`(limit: Int) throws {
        let file = try Files.inMemory([UInt8](repeating: 1, count: 200_000))
        #expect(throws: SystemError("read", errorNumber: 27)) { try file.readAll(limit: limit) }
    }

    @Test func `rewind goes back to the first byte`() throws {
        let file = try Files.inMemory([1, 2, 3])
        #expect(try file.read(upTo: 2) == [1, 2])
        try file.rewind()
        #expect(try file.read(upTo: 9) == [1, 2, 3])
    }

    @Test func `more than a socket's buffer is written whole`() throws {
        let pair = try Sockets.pair(kind: .stream)
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 >> 7) }
        let writer = pair.second.release()
        let thread = try Thread(name: "writer") {
            let end = FileDescriptor(owning: writer)
            try? end.writeAll(bytes)
        }
        #expect(try pair.first.readAll(limit: 4_000_000) == bytes)
        thread.join()
    }

    @Test func `a write to a connection whose peer has gone is an error`() throws {
        let pair = try Sockets.pair(kind: .stream)
        Sockets.shutdown(pair.second.number)
        #expect(throws: SystemError("write", errorNumber: 32)) { try pair.first.writeAll([1]) }
    }
}
