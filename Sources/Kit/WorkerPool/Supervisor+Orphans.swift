internal import Linux
internal import Logging

/// The listening socket, which workers may hold whose supervisor was killed, and those workers.
extension Supervisor {
    /// How long a start waits for the workers that may hold the address, in nanoseconds.
    private static let patienceForOrphans: Int64 = 5_000_000_000

    /// Goes on with a checked generation once there are its listening sockets.
    ///
    /// - Throws: ``SystemError`` where there will be none.
    func listen(_ settings: PoolSettings, for number: Int) throws(SystemError) {
        let now = SystemClock.monotonicNanoseconds()
        let deadline = awaited?.deadline ?? now + Self.patienceForOrphans
        guard try makeListeners(settings, mayWait: state.generation == 0 && now < deadline) else {
            awaited = (settings, number, deadline)
            return
        }
        awaited = nil
        broughtListener = nil
        broughtStatusListener = nil
        perform(.prepared(generation: number, settings: settings))
    }

    /// Makes the sockets that are not there yet, or takes those that workers have brought.
    ///
    /// What the workers of before have is of use only where it is the configured address, which is then taken.
    ///
    /// - Returns: false where workers may still bring them.
    private func makeListeners(_ settings: PoolSettings, mayWait: Bool) throws(SystemError) -> Bool {
        if listener < 0 {
            do throws(SystemError) {
                listener =
                    try ListeningSocket.make(settings, environment: environment, sparingOrphans: mayWait).release()
            } catch {
                guard mayWait, Self.mayBeHeld(settings.listen, error) else { throw error }
                guard let socket = broughtListener.take() else { return false }
                listener = socket.release()
            }
        }
        // A version before may have had none, so that it can come with a reload.
        guard statusListener == nil, let statusListen = settings.statusListen else { return true }
        do throws(SystemError) {
            statusListener = try ListeningSocket.makeForStatus(settings, environment: environment)?.release()
        } catch {
            guard mayWait, Self.mayBeHeld(statusListen, error) else { throw error }
            guard let socket = broughtStatusListener.take() else { return false }
            statusListener = socket.release()
        }
        return true
    }

    /// Whether workers whose supervisor was killed may be those that have the address.
    private static func mayBeHeld(_ listen: PoolSettings.Listen, _ error: SystemError) -> Bool {
        if case .tcp = listen { error.isAddressInUse } else { error.isTemporary }
    }

    /// Looks again whether the address is free that a worker before may have had.
    func listenAgain() {
        guard let awaited else { return }
        do throws(SystemError) {
            try listen(awaited.settings, for: awaited.generation)
        } catch {
            self.awaited = nil
            perform(.refused(generation: awaited.generation, reason: "\(error)"))
        }
    }

    /// Takes over a worker whose supervisor was killed.
    func adopt(
        _ orphan: Orphan,
        _ control: consuming FileDescriptor,
        _ socket: consuming FileDescriptor,
        _ statusSocket: consuming FileDescriptor?
    ) {
        // A stopping pool lets them go: they end when nobody else comes.
        guard !state.isStopping, (try? control.setNonblocking(true)) != nil else { return }
        let worker = state.adopt(
            generation: orphan.generation,
            slot: orphan.slot,
            shutdownTimeout: orphan.shutdownTimeout,
            now: SystemClock.monotonicNanoseconds()
        )
        log.info("worker is taken over", metadata: ["worker": "\(worker)", "pid": "\(orphan.process)"])
        let process = PoolProcess(pid: orphan.process, control: control)
        // One that cannot be watched is replaced all the same, and ended when its time is over.
        try? epoll.add(process.control.number, .readable, token: Token.firstWorker + UInt64(worker))
        processes[worker] = process
        send(.accept, to: worker)
        // All of them bring the same two.
        if listener < 0, Sockets.isListening(socket.number) { broughtListener = consume socket }
        if statusListener == nil, let statusSocket, Sockets.isListening(statusSocket.number) {
            broughtStatusListener = consume statusSocket
        }
        perform(.adopted(worker: worker))
        listenAgain()
    }

    /// The end of a process that is no child of this one is told by the end of its connection.
    func noteEndOfAdopted(_ worker: Int) {
        guard state.workers.contains(where: { $0.id == worker && $0.isAdopted }), let process = processes[worker]
        else { return }
        forget(worker, process.pid, .exited(0))
    }
}
