internal import FastCGI
internal import Linux

/// Where a worker's control thread answers how the pool is, over a socket of its own.
///
/// Whoever watches the pool must get an answer just when all handler threads are busy, so that nothing here waits: not for
/// a thread, not for a peer, not for libfcgi. Requests are small and whole (``BufferedRequest``), each has a connection of
/// its own and a few seconds, and of many peers that are stuck the oldest ones go. All workers accept on the one socket,
/// so that one of them which is stuck itself keeps nobody from an answer. For one thread.
final class StatusDesk {
    /// So many connections are open at once; with one more, the oldest is closed.
    static let mostConnections = 64
    /// How long a connection may take from its beginning to the last byte of its answer, in nanoseconds.
    static let patience: Int64 = 5_000_000_000
    /// The most bytes of a request: what a web server sends for these routes is far smaller.
    static let requestLimit = 32 << 10
    /// So many events are taken in one turn, so that a flood leaves time for everything else of the thread.
    private static let turn = 64

    private static let listenerToken: UInt64 = 0

    private struct Visitor: ~Copyable {
        let connection: FileDescriptor
        let deadline: Int64
        var received: [UInt8] = []
        var answer: [UInt8] = []
        var sent = 0

        init(_ connection: consuming FileDescriptor, deadline: Int64) {
            self.connection = connection
            self.deadline = deadline
        }
    }

    /// What is left to be done for a visitor.
    private enum Progress {
        case more, done
    }

    /// Visitors hold descriptors, which dictionaries cannot own: each stands in an object.
    private final class Place {
        var visitor: Visitor

        init(_ visitor: consuming Visitor) {
            self.visitor = visitor
        }
    }

    /// The listening socket's number, for whoever passes it on.
    var listenerNumber: Int32 { listener.number }

    private let listener: FileDescriptor
    private let respond: (BufferedRequest) -> [UInt8]
    private let allows: (borrowing FileDescriptor) -> Bool
    private let epoll: Epoll
    /// By their tokens, which grow with time: the smallest is the oldest.
    private var visitors: [UInt64: Place] = [:]
    private var visitorsMade: UInt64 = 0
    private var isListening = false
    private var isClosed = false

    /// Takes over a listening socket that does not block; it is used from ``open()`` on.
    ///
    /// `allows` tells whether the peer of a connection may talk at all; `respond` makes the output of a CGI program of a
    /// request, and must not block.
    init(
        listener: consuming FileDescriptor,
        allows: @escaping (borrowing FileDescriptor) -> Bool,
        respond: @escaping (BufferedRequest) -> [UInt8]
    ) throws(SystemError) {
        self.listener = listener
        self.allows = allows
        self.respond = respond
        epoll = try Epoll()
    }

    /// Readable while there is something to do for ``serve()``.
    var number: Int32 { epoll.number }

    /// Accepts from now on.
    func open() {
        guard !isListening, !isClosed else { return }
        // Not exclusive: whichever worker is free first answers. Where this fails, the next round tries again.
        isListening = (try? epoll.add(listener.number, .readable, token: Self.listenerToken)) != nil
    }

    /// Accepts no more, for ever: others do in this one's place.
    ///
    /// Who is here is served to the end.
    func close() {
        epoll.remove(listener.number)
        isListening = false
        isClosed = true
    }

    /// Does what has come up, without waiting.
    func serve() {
        for _ in 0..<Self.turn {
            guard let token = epoll.wait(milliseconds: 0) else { return }
            if token == Self.listenerToken { accept() } else { goOn(with: token) }
        }
    }

    /// Closes connections that take too long, and listens again where that had to rest; called ten times a second.
    func lookAfterConnections(now: Int64) {
        for (token, place) in visitors where place.visitor.deadline < now { visitors[token] = nil }
        open()
    }

    private func accept() {
        do throws(SystemError) {
            guard let connection = try Sockets.accept(listener), allows(connection) else { return }
            try connection.setNonblocking(true)
            if visitors.count >= Self.mostConnections, let oldest = visitors.keys.min() { visitors[oldest] = nil }
            visitorsMade += 1
            let token = visitorsMade
            try epoll.add(connection.number, .readable, token: token)
            let deadline = SystemClock.monotonicNanoseconds() + Self.patience
            visitors[token] = Place(Visitor(connection, deadline: deadline))
            // A web server sends its request at once, so that it is mostly there.
            goOn(with: token)
        } catch {
            // Out of descriptors or memory: the listener stays readable and would be reported without end.
            epoll.remove(listener.number)
            isListening = false
        }
    }

    private func goOn(with token: UInt64) {
        guard let place = visitors[token] else { return }
        if advance(&place.visitor, token) == .done { visitors[token] = nil }
    }

    private func advance(_ visitor: inout Visitor, _ token: UInt64) -> Progress {
        do throws(SystemError) {
            if visitor.answer.isEmpty {
                guard try receive(&visitor) else { return .done }
                guard !visitor.answer.isEmpty else { return .more }
            }
            visitor.sent += try visitor.connection.writeSome(visitor.answer, from: visitor.sent)
            guard visitor.sent < visitor.answer.count else { return .done }
            epoll.remove(visitor.connection.number)
            try epoll.add(visitor.connection.number, .writable, token: token)
            return .more
        } catch {
            return .done
        }
    }

    /// Takes what has arrived, and answers where that is a whole request; false where the connection is to be closed.
    private func receive(_ visitor: inout Visitor) throws(SystemError) -> Bool {
        let part: [UInt8]
        do throws(SystemError) {
            part = try visitor.connection.read(upTo: Self.requestLimit + 1 - visitor.received.count)
        } catch {
            guard error.isTemporary else { throw error }
            return true
        }
        guard !part.isEmpty else { return false }
        visitor.received += part
        switch RecordInspection.inspect(visitor.received.span) {
        case .incomplete: return visitor.received.count <= Self.requestLimit
        case .long, .malformed: return false
        case .complete:
            guard let request = BufferedRequest(visitor.received.span) else { return false }
            visitor.answer = request.answer(with: respond(request))
            visitor.received = []
            return true
        }
    }
}
