internal import FastCGI
internal import Linux
internal import Synchronization

/// What the handler threads of a worker share.
final class WorkerState: Sendable {
    let options: WorkerOptions
    let listener: FileDescriptor
    let epoll: Epoll
    let waiting: WaitingConnections
    /// What the control thread waits for: its own events, and more bytes of connections that have sent a part.
    let control: Epoll
    let slots: [ThreadSlot]
    /// No more connections are accepted, none is kept.
    let isDraining = Atomic(false)
    /// Accepting waits because the process has no descriptor left.
    let isListenerPaused = Atomic(false)
    private let stop: EventDescriptor

    init(options: WorkerOptions, listener: consuming FileDescriptor) throws(SystemError) {
        self.options = options
        self.listener = listener
        epoll = try Epoll()
        control = try Epoll()
        stop = try EventDescriptor()
        waiting = WaitingConnections(patience: options.headTimeout)
        slots = (0..<options.threads).map { _ in ThreadSlot() }
    }

    /// Lets the threads accept.
    func startAccepting() throws(SystemError) {
        try epoll.add(listener.number, .readableExclusive, token: EpollToken.listener.rawValue)
    }

    /// Looks for connections of which nobody was told; called now and then by the control thread.
    ///
    /// The kernel tells of a connection to one worker only (EPOLLEXCLUSIVE). Where that one ends, has no descriptor left
    /// or is busy with all its threads, the connection would wait until the next one comes. Adding the socket anew makes
    /// the kernel look at what waits.
    func refreshListener() throws(SystemError) {
        epoll.remove(listener.number)
        try startAccepting()
    }

    /// From here on no thread takes another connection; the socket itself stays open for other workers.
    ///
    /// Where the supervisor has been killed and all its workers drain, nobody holds the socket any more: connections
    /// are refused at once, and the next supervisor can listen at the address while requests still run.
    func stopAccepting() {
        isDraining.store(true, ordering: .sequentiallyConsistent)
        epoll.remove(listener.number)
        // What waits now may have been told to this worker alone.
        while let connection = try? Sockets.accept(listener) {
            let number = connection.release()
            waiting.addSilent(number, now: SystemClock.monotonicNanoseconds())
            watch(number, .silent(number), isWatched: false)
        }
        listener.abandon()
    }

    /// Lets each thread leave that has nothing in hand, and the others when they have finished.
    func stopThreads() throws(SystemError) {
        try epoll.add(stop.number, .readable, token: EpollToken.stop.rawValue)
        stop.set()
    }

    /// Has the threads told when a connection is readable.
    func watch(_ number: Int32, _ token: EpollToken, isWatched: Bool) {
        do throws(SystemError) {
            if isWatched {
                try epoll.rearm(number, token: token.rawValue)
            } else {
                try epoll.add(number, .readableOnce, token: token.rawValue)
            }
        } catch {
            // No memory for the watch: the connection ends, and nginx makes another.
            if case .silent = token, !waiting.claimSilent(number) { return }
            _ = FileDescriptor(owning: number)
        }
    }
}

/// The life of one handler thread: wait for an event, serve it, wait again.
///
/// All threads wait in one epoll set and take one event at a time. Handing descriptors from a loop thread to handler
/// threads through a queue was measured: 0.9 of the classic loop's throughput, against 1.15 for this.
struct HandlerThread {
    let state: WorkerState
    let slot: ThreadSlot
    let handler: (FastCGI.Request) -> Void
    let request = FastCGI.Request()

    /// Serves until the stop event.
    func run() {
        while true {
            guard let event = state.epoll.wait(milliseconds: nil), let token = EpollToken(rawValue: event) else {
                continue
            }
            if token == .stop { return }
            slot.begin()
            switch token {
            case .listener: accept()
            case .silent(let connection):
                if state.waiting.claimSilent(connection) { take(FileDescriptor(owning: connection), isWatched: true) }
            case .parked(let connection): take(FileDescriptor(owning: connection), isWatched: true)
            case .stop: break
            }
            slot.end()
        }
    }

    private func accept() {
        // A drain that began after the event came: the connection is another worker's.
        guard !state.isDraining.load(ordering: .sequentiallyConsistent) else { return }
        do throws(SystemError) {
            guard let connection = try Sockets.accept(state.listener) else { return }
            take(connection, isWatched: false)
        } catch {
            // Out of descriptors, or of memory. The listener stays readable and would wake a thread without end, so
            // it rests until the control thread's next round.
            state.epoll.remove(state.listener.number)
            state.isListenerPaused.store(true, ordering: .sequentiallyConsistent)
        }
    }

    private func take(_ connection: consuming FileDescriptor, isWatched: Bool) {
        switch request.arrival(on: connection.number) {
        case .request:
            serve(connection, isWatched: isWatched)
        case .silent:
            let number = connection.release()
            state.waiting.addSilent(number, now: SystemClock.monotonicNanoseconds())
            state.watch(number, .silent(number), isWatched: isWatched)
        case .incomplete:
            let number = connection.release()
            // Where this fails, or the rest comes just now, the control thread looks again within a tenth of a second.
            try? state.control.add(number, .news, token: EpollToken.parked(number).rawValue)
            state.waiting.addPartial(number, now: SystemClock.monotonicNanoseconds())
        case .closed, .malformed:
            break
        }
    }

    private func serve(_ connection: consuming FileDescriptor, isWatched: Bool) {
        let deadline = SystemClock.monotonicNanoseconds() + state.options.requestTimeout
        slot.serve(connection.number, deadline: deadline)
        guard request.adopt(connection) else { return }
        handler(request)
        let kept = request.finish(beforeClosing: { slot.release() })
        guard let kept, !state.isDraining.load(ordering: .sequentiallyConsistent) else { return }
        let number = kept.release()
        state.watch(number, .parked(number), isWatched: isWatched)
    }
}
