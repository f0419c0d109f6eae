import Linux
import Testing

@testable import WorkerPool

struct HandoverTests {
    private struct Ends {
        let sender: Handover
        var receiver: Handover?

        init() throws {
            let pair = try Sockets.pair(kind: .packets)
            sender = try Handover(pair.first)
            receiver = try Handover(pair.second)
        }
    }

    /// Connections whose first ends a worker has, and whose second ends a web server.
    private func connections(_ count: Int) throws -> (worker: [Int32], peers: [Int32]) {
        var numbers: (worker: [Int32], peers: [Int32]) = ([], [])
        for _ in 0..<count {
            let pair = try Sockets.pair(kind: .stream)
            numbers.worker.append(pair.first.release())
            numbers.peers.append(pair.second.release())
        }
        return numbers
    }

    private func close(_ numbers: [Int32]) {
        for number in numbers { _ = FileDescriptor(owning: number) }
    }

    private func write(_ bytes: [UInt8], to number: Int32) throws {
        let file = FileDescriptor(owning: number)
        let result = Result { () throws(SystemError) in try file.writeAll(bytes) }
        _ = file.release()
        try result.get()
    }

    @Test
    func `connections arrive in batches, with what was sent on them, and are closed here once they are confirmed`()
        throws
    {
        let ends = try Ends()
        let (worker, peers) = try connections(150)
        try write(Array("half a req".utf8), to: peers[77])
        var outgoing = worker
        ends.sender.send(&outgoing)
        #expect(outgoing.isEmpty)
        #expect(ends.sender.unconfirmed == worker)
        var received: [Int32] = []
        try ends.receiver?.take { received.append($0.release()) }
        #expect(received.count == 150)
        try ends.sender.readConfirmations()
        #expect(ends.sender.unconfirmed.isEmpty)
        let sent = try FileDescriptor(owning: received.remove(at: 77)).read(upTo: 64)
        #expect(sent == Array("half a req".utf8))
        for number in peers where number != peers[77] { #expect(!Sockets.isClosedByPeer(number)) }
        close(received)
        // A child that another test starts at this moment holds copies until it has its own program.
        let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
        while !peers.allSatisfy(Sockets.isClosedByPeer), SystemClock.monotonicNanoseconds() < deadline {}
        for number in peers { #expect(Sockets.isClosedByPeer(number)) }
        close(peers)
    }

    @Test func `a receiver that ends before it confirms leaves all to the sender`() throws {
        var ends = try Ends()
        let (worker, peers) = try connections(3)
        var outgoing = worker
        ends.sender.send(&outgoing)
        ends.receiver = nil
        #expect(throws: Handover.Lost.self) { try ends.sender.readConfirmations() }
        #expect(ends.sender.unconfirmed == worker)
        for number in peers { #expect(!Sockets.isClosedByPeer(number)) }
        close(worker + peers)
    }

    @Test func `a receiver that ends after it confirmed has what it confirmed`() throws {
        var ends = try Ends()
        let (worker, peers) = try connections(70)
        var outgoing = worker
        ends.sender.send(&outgoing)
        var received: [Int32] = []
        try ends.receiver?.take { received.append($0.release()) }
        ends.receiver = nil
        #expect(throws: Handover.Lost.self) { try ends.sender.readConfirmations() }
        #expect(ends.sender.unconfirmed.isEmpty)
        close(received + peers)
    }

    @Test func `a receiver that ends with batches unread has what it confirmed, and the sender the others`() throws {
        var ends = try Ends()
        let (worker, peers) = try connections(7)
        var outgoing = Array(worker.prefix(4))
        ends.sender.send(&outgoing)
        var received: [Int32] = []
        try ends.receiver?.take { received.append($0.release()) }
        outgoing = Array(worker.dropFirst(4))
        ends.sender.send(&outgoing)
        ends.receiver = nil
        #expect(throws: Handover.Lost.self) { try ends.sender.readConfirmations() }
        #expect(ends.sender.unconfirmed == Array(worker.dropFirst(4)))
        close(received + worker.dropFirst(4) + peers)
    }

    @Test func `a sender that ends with confirmations unread leaves what it sent to the receiver`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let receiver = try Handover(pair.second)
        let (worker, peers) = try connections(5)
        var received: [Int32] = []
        do {
            let sender = try Handover(pair.first)
            var outgoing = Array(worker.prefix(2))
            sender.send(&outgoing)
            try receiver.take { received.append($0.release()) }
            outgoing = Array(worker.dropFirst(2))
            sender.send(&outgoing)
        }
        close(worker)
        #expect(throws: Handover.Lost.self) { try receiver.take { received.append($0.release()) } }
        #expect(received.count == 5)
        for number in peers { #expect(!Sockets.isClosedByPeer(number)) }
        close(received + peers)
    }

    @Test func `a sender that ends leaves what it sent to the receiver`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let receiver = try Handover(pair.second)
        let (worker, peers) = try connections(5)
        do {
            let sender = try Handover(pair.first)
            var outgoing = worker
            sender.send(&outgoing)
        }
        close(worker)
        var received: [Int32] = []
        #expect(throws: Handover.Lost.self) { try receiver.take { received.append($0.release()) } }
        #expect(received.count == 5)
        for number in peers { #expect(!Sockets.isClosedByPeer(number)) }
        close(received + peers)
    }

    @Test func `a receiver that has not got all of a batch takes none of it`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let receiver = try Handover(pair.second)
        let (worker, peers) = try connections(1)
        // What the kernel leaves of three where there is room for one.
        try Sockets.send([3], passing: worker, over: pair.first)
        var received = 0
        #expect(throws: Handover.Lost.self) { try receiver.take { _ in received += 1 } }
        #expect(received == 0)
        #expect(!Sockets.isClosedByPeer(peers[0]))
        close(worker + peers)
    }

    @Test func `more than the channel holds waits for its turn`() throws {
        let ends = try Ends()
        let (worker, peers) = try connections(1)
        // The same connection again and again: what counts is the number of packets.
        var outgoing = (0..<200_000).map { _ in worker[0] }
        ends.sender.send(&outgoing)
        #expect(!outgoing.isEmpty)
        close(worker + peers)
    }
}
