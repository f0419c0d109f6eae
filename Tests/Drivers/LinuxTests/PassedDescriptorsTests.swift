import Linux
import Testing

struct PassedDescriptorsTests {
    /// A descriptor that is closed when the test says so, and not where the compiler sees its last use.
    private final class Closable {
        private var file: FileDescriptor?
        let number: Int32

        init(_ file: consuming FileDescriptor) {
            number = file.number
            self.file = consume file
        }

        func close() { file = nil }
    }

    /// What came, in a form that can be copied; nil where nothing has come.
    private func receive(from socket: borrowing FileDescriptor) throws -> (bytes: [UInt8], contents: [String])? {
        guard var packet = try Sockets.receive(upTo: 16, from: socket) else { return nil }
        #expect(packet.isCut == false)
        var contents: [String] = []
        while let file = packet.take() { contents.append(String(decoding: try file.readAll(limit: 64), as: UTF8.self)) }
        return (packet.bytes, contents)
    }

    @Test func `descriptors arrive with their packet, as others of the same open files`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let one = try Files.inMemory(Array("one".utf8))
        let two = try Files.inMemory(Array("two".utf8))
        let numbers = [one.number, two.number]
        try Sockets.send([1, 2, 3], passing: numbers, over: pair.first)
        try Sockets.send([4], over: pair.first)
        let first = try receive(from: pair.second)
        #expect(first?.bytes == [1, 2, 3])
        #expect(first?.contents == ["one", "two"])
        let second = try receive(from: pair.second)
        #expect(second?.bytes == [4])
        #expect(second?.contents == [])
    }

    @Test func `an empty packet is the end, and nothing at all is none`() throws {
        let pair = try Sockets.pair(kind: .packets)
        try pair.second.setNonblocking(true)
        let nothing = try receive(from: pair.second)
        #expect(nothing == nil)
        Sockets.shutdown(pair.first.number)
        let end = try receive(from: pair.second)
        #expect(end?.bytes == [])
    }

    @Test func `what nobody takes is closed`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let connection = try Sockets.pair(kind: .stream)
        let passed = Closable(connection.second)
        try Sockets.send([1], passing: [passed.number], over: pair.first)
        passed.close()
        do { _ = try Sockets.receive(upTo: 16, from: pair.second) }
        let rest = try connection.first.read(upTo: 1)
        #expect(rest.isEmpty)
    }

    @Test func `a socket that is full is busy, and one without a reader is broken`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let reader = Closable(pair.second)
        var failure: SystemError?
        while failure == nil {
            do throws(SystemError) { try Sockets.send([1], over: pair.first) } catch { failure = error }
        }
        #expect(failure?.isTemporary == true)
        reader.close()
        // That it has not read all is told first, and once.
        do throws(SystemError) { try Sockets.send([1], over: pair.first) } catch { failure = error }
        #expect(failure?.isReset == true)
        do throws(SystemError) { try Sockets.send([1], over: pair.first) } catch { failure = error }
        #expect(failure?.isBrokenPipe == true)
    }
}
