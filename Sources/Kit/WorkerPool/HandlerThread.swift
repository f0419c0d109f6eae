internal import FastCGI
internal import Linux
internal import Synchronization

/// What the handler threads of a worker share.
final class WorkerState: Sendable {
    let options: WorkerOptions
    let listener: FileDescriptor
    let epoll: Epoll
    let waiting: WaitingConnections
    /// Connections that wait for their next request; whoever takes a number out of the set has the connection.
    let kept = DescriptorSet()
    /// Connections whose request ended after a drain began, for the control thread to hand over.
    let leaving = Mutex<[Int32]>([])
    /// What the control thread waits for: its own events, and more bytes of connections that have sent a part.
    let control: Epoll
    /// The handler threads, and behind them those of the lane.
    let slots: [ThreadSlot]
    /// Where heavy requests wait; nil where all are treated alike.
    let lane: HeavyLane?
    let refused = RefusedPeers()
    /// No more connections are accepted, and each that is kept goes to the heir, or without one serves one more request.
    let isDraining = Atomic(false)
    /// Another worker takes what is kept.
    let hasHeir = Atomic(false)
    /// Accepting waits because the process has no descriptor left.
    let isListenerPaused = Atomic(false)
    private let stop: EventDescriptor
    /// Wakes the control thread for what is in `leaving`.
    let leave: EventDescriptor

    init(options: WorkerOptions, listener: consuming FileDescriptor) throws(SystemError) {
        self.options = options
        self.listener = listener
        epoll = try Epoll()
        control = try Epoll()
        stop = try EventDescriptor()
        leave = try EventDescriptor()
        waiting = WaitingConnections(patience: options.headTimeout)
        lane = options.heavyLane.map(HeavyLane.init)
        slots = (0..<options.threads + (options.heavyLane?.threads ?? 0)).map { _ in ThreadSlot() }
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
            guard allows(connection) else { continue }
            wait(for: connection, isWatched: false)
        }
        listener.abandon()
    }

    /// Lets each thread leave that has nothing in hand, and the others when they have finished.
    func stopThreads() throws(SystemError) {
        lane?.end()
        try epoll.add(stop.number, .readable, token: EpollToken.stop.rawValue)
        stop.set()
    }

    /// Lets a connection that was accepted and is silent wait without a thread.
    func wait(for connection: consuming FileDescriptor, isWatched: Bool) {
        let silent = waiting.addSilent(connection.release(), now: SystemClock.monotonicNanoseconds())
        guard !watch(silent.number, .silent(silent), isWatched: isWatched) else { return }
        if waiting.claimSilent(silent) { _ = FileDescriptor(owning: silent.number) }
    }

    /// Keeps a connection for its next request, or closes it where it cannot be watched.
    func keep(_ connection: consuming FileDescriptor, isWatched: Bool) {
        let number = connection.release()
        // In the set first: the next request may come before the watch returns.
        let isIn = kept.insert(number)
        if isIn, watch(number, .parked(number), isWatched: isWatched) { return }
        if !isIn || kept.remove(number) { _ = FileDescriptor(owning: number) }
    }

    /// Gives a connection to the control thread, which hands it over.
    func giveAway(_ connection: consuming FileDescriptor, isWatched: Bool) {
        let number = connection.release()
        if isWatched { epoll.remove(number) }
        leaving.withLock { $0.append(number) }
        leave.set()
    }

    /// Has the handler threads turn a request away that has waited in the lane for too long.
    func turnAway(_ request: HeavyLane.Waiting) {
        // It counts as waiting until a thread claims it, else a drain would end before it is answered.
        let overdue = waiting.addWhole(request.connection)
        guard !watch(request.connection, .overdue(overdue), isWatched: request.isWatched) else { return }
        if waiting.claimSilent(overdue) { _ = FileDescriptor(owning: request.connection) }
    }

    /// Has what a peer still sends to a connection that was answered thrown away, and the connection closed then.
    func discardRest(of connection: consuming FileDescriptor) {
        let number = connection.release()
        // Where this fails the control thread looks again within a tenth of a second.
        try? control.add(number, .readable, token: EpollToken.parked(number).rawValue)
        waiting.addAnswered(number, now: SystemClock.monotonicNanoseconds())
    }

    /// Has the threads told when a connection is readable; false where no memory is left for the watch.
    private func watch(_ number: Int32, _ token: EpollToken, isWatched: Bool) -> Bool {
        do throws(SystemError) {
            if isWatched {
                try epoll.rearm(number, token: token.rawValue)
            } else {
                try epoll.add(number, .readableOnce, token: token.rawValue)
            }
            return true
        } catch {
            return false
        }
    }

    /// Whether a peer may be talked with; one that may not is counted.
    func allows(_ connection: borrowing FileDescriptor) -> Bool {
        let peer = try? Peer(of: connection.number)
        if let peer, options.peers.allows(peer) { return true }
        refused.add(peer)
        return false
    }
}

/// The life of one handler thread: wait for an event, serve it, wait again.
///
/// All threads wait in one epoll set and take one event at a time. Handing descriptors from a loop thread to handler
/// threads through a queue was measured: 0.9 of the classic loop's throughput, against 1.15 for this.
struct HandlerThread {
    let state: WorkerState
    let slot: ThreadSlot
    let handler: RequestHandler
    let request = FastCGI.Request()

    /// Serves heavy requests until the lane ends.
    func run(in lane: HeavyLane) {
        while lane.wait() {
            slot.begin()
            if let heavy = lane.take() { serve(heavy) }
            slot.end()
        }
    }

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
            case .silent(let silent):
                if state.waiting.claimSilent(silent) { take(FileDescriptor(owning: silent.number), isWatched: true) }
            case .parked(let connection):
                if state.kept.remove(connection) { take(FileDescriptor(owning: connection), isWatched: true) }
            case .overdue(let overdue):
                if state.waiting.claimSilent(overdue) {
                    take(FileDescriptor(owning: overdue.number), isWatched: true, isOverdue: true)
                }
            case .stop: break
            }
            slot.end()
        }
    }

    private func accept() {
        // A drain that began after the event came: the connection is another worker's.
        guard !state.isDraining.load(ordering: .sequentiallyConsistent) else { return }
        do throws(SystemError) {
            guard let connection = try Sockets.accept(state.listener), state.allows(connection) else { return }
            take(connection, isWatched: false)
        } catch {
            // Out of descriptors, or of memory. The listener stays readable and would wake a thread without end, so
            // it rests until the control thread's next round.
            state.epoll.remove(state.listener.number)
            state.isListenerPaused.store(true, ordering: .sequentiallyConsistent)
        }
    }

    private func take(_ connection: consuming FileDescriptor, isWatched: Bool, isOverdue: Bool = false) {
        let arrival = request.arrival(on: connection.number)
        switch arrival {
        case .request, .longRequest:
            if isOverdue {
                serve(connection, head: arrival.head, isWatched: isWatched, .turnedAway)
            } else if let lane = state.lane, handler.isHeavy(request) {
                let number = connection.release()
                let heavy = HeavyLane.Waiting(connection: number, head: arrival.head, isWatched: isWatched)
                if lane.add(heavy, now: SystemClock.monotonicNanoseconds()) { return }
                serve(FileDescriptor(owning: number), head: arrival.head, isWatched: isWatched, .turnedAway)
            } else {
                serve(connection, head: arrival.head, isWatched: isWatched, .admitted)
            }
        case .silent: state.wait(for: connection, isWatched: isWatched)
        case .incomplete:
            let number = connection.release()
            // Where this fails, or the rest comes just now, the control thread looks again within a tenth of a second.
            try? state.control.add(number, .news, token: EpollToken.parked(number).rawValue)
            state.waiting.addPartial(number, now: SystemClock.monotonicNanoseconds())
        case .closed, .malformed:
            break
        }
    }

    private func serve(_ heavy: HeavyLane.Waiting) {
        let connection = FileDescriptor(owning: heavy.connection)
        // Whoever asked may have gone meanwhile, and nothing was done for it yet.
        guard !Sockets.isAbandonedByPeer(connection.number) else { return }
        serve(connection, head: heavy.head, isWatched: heavy.isWatched, .admitted)
    }

    private func serve(
        _ connection: consuming FileDescriptor,
        head: Int?,
        isWatched: Bool,
        _ admission: Admission
    ) {
        let deadline = SystemClock.monotonicNanoseconds() + state.options.requestTimeout
        slot.serve(connection.number, deadline: deadline)
        guard request.adopt(connection, head: head) else { return }
        handler.respond(request, admission)
        let isDraining = state.isDraining.load(ordering: .sequentiallyConsistent)
        // The worker that takes what is kept is named before the drain begins.
        let hasHeir = isDraining && state.hasHeir.load(ordering: .sequentiallyConsistent)
        let kept = request.finish(
            isLast: isDraining && !hasHeir,
            beforeClosing: { slot.release() },
            unread: { state.discardRest(of: $0) }
        )
        handler.finished()
        guard let kept else { return }
        if hasHeir {
            state.giveAway(kept, isWatched: isWatched)
        } else {
            // Where a drain has begun since, the control thread finds it.
            state.keep(kept, isWatched: isWatched)
        }
    }
}
