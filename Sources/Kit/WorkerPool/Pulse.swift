internal import Linux

/// Says once a second over a control connection that the process lives; one that was stopped says nothing.
///
/// On a thread of its own, since whatever else the process does may take long.
final class Pulse: Sendable {
    private let control: FileDescriptor
    private let ending = Semaphore(permits: 0)

    /// Begins; ends with ``end()``, or when nobody is there any more to hear it.
    init(over control: borrowing FileDescriptor) throws {
        self.control = try control.duplicate()
        _ = try Thread(name: "pulse") { [self] in beat() }
    }

    func end() { ending.signal() }

    private func beat() {
        repeat {
            do throws(SystemError) {
                try Sockets.send(ControlMessage.alive.bytes, over: control)
            } catch {
                // Nobody has read for long, and will know why.
                guard error.isTemporary else { return }
            }
        } while !ending.wait(nanoseconds: 1_000_000_000)
    }
}
