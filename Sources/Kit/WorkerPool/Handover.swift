internal import Linux

/// One end of the channel over which a worker that retires leaves its kept connections to another.
///
/// The supervisor makes both ends, gives each to one of the two, and is not asked again. A batch of descriptors goes in one
/// packet (SCM_RIGHTS). A connection is never used by both, and belongs to one of them whichever dies:
///
/// - the sender keeps its own descriptors until the receiver confirms that it has them, and takes them back only at the
///   end of the channel, when nothing can be confirmed any more;
/// - the receiver confirms before it uses them, and uses what it cannot confirm only where the sender has gone.
///
/// What was sent on a connection and not read stays in its socket and goes along. For the control thread.
final class Handover {
    /// The other end has gone, or this one cannot go on.
    struct Lost: Error {}

    private let channel: FileDescriptor
    /// Connections that were sent and have not been confirmed, in their order.
    private(set) var unconfirmed: [Int32] = []

    init(_ channel: consuming FileDescriptor) throws(SystemError) {
        try channel.setNonblocking(true)
        self.channel = channel
    }

    var number: Int32 { channel.number }

    // MARK: - The sender

    /// Sends as many as the channel takes now; those that are left stay in `connections`.
    func send(_ connections: inout [Int32]) {
        while !connections.isEmpty {
            let batch = Array(connections.prefix(Sockets.mostPassed))
            // Full, or at its end, which the next confirmation tells: either way a later call goes on.
            guard (try? Sockets.send([UInt8(batch.count)], passing: batch, over: channel)) != nil else { return }
            unconfirmed += batch
            connections.removeFirst(batch.count)
        }
    }

    /// Closes here what the receiver has confirmed.
    ///
    /// - Throws: ``Lost`` at the end of the channel; what is unconfirmed then was not used, and is the sender's.
    func readConfirmations() throws(Lost) {
        while let packet = try receive() {
            let count = min(packet.bytes.first.map(Int.init) ?? 0, unconfirmed.count)
            for number in unconfirmed.prefix(count) { _ = FileDescriptor(owning: number) }
            unconfirmed.removeFirst(count)
        }
    }

    // MARK: - The receiver

    /// Takes what has come, and hands each connection to `keep`.
    func take(_ keep: (consuming FileDescriptor) -> Void) throws(Lost) {
        while var packet = try receive() {
            // Where this process has no room for all of them, the sender keeps all.
            guard !packet.isCut, packet.count == packet.bytes.first.map(Int.init) else { throw Lost() }
            do throws(SystemError) {
                try Sockets.send([UInt8(packet.count)], over: channel)
            } catch {
                guard error.isBrokenPipe || error.isReset else { throw Lost() }
            }
            while let connection = packet.take() { keep(connection) }
        }
    }

    /// The next packet; nil where there is none yet.
    private func receive() throws(Lost) -> Sockets.Packet? {
        while true {
            do throws(SystemError) {
                guard let packet = try Sockets.receive(upTo: 16, from: channel) else { return nil }
                if packet.bytes.isEmpty { throw SystemError("hand over", errorNumber: 0) }
                return packet
            } catch {
                // The other end has gone with packets unread, which is told once, before those that it sent.
                guard error.isReset else { throw Lost() }
            }
        }
    }
}
