public import Linux

/// What a supervisor tells whoever wants to know how the pool fares.
public enum PoolNews: Sendable, Equatable {
    /// A new generation is on its way, while an older one serves.
    case reloading
    /// All workers of a generation are ready, and it serves.
    case serving(generation: Int, workers: Int)
    /// A reload came to nothing, and this generation serves on.
    case reloadFailed(serving: Int, reason: String)
    /// The pool finishes what runs, and then ends.
    case stopping
    /// The supervisor is alive; it says so ten times a second.
    case alive
}

/// Hears a supervisor's news, on its thread; it must not block.
public protocol PoolObserver {
    /// Takes one piece of news.
    mutating func hear(_ news: PoolNews)
}

/// Hands the news on to the service manager that started the supervisor (systemd, `Type=notify`).
///
/// systemd then starts what comes after the pool only when it serves, shows how it fares in `systemctl status`, and
/// ends a supervisor that hangs (`WatchdogSec=`).
public struct SystemdObserver: PoolObserver {
    private let systemd: NotifySocket
    private var nextSignOfLife: Int64 = 0

    /// Tells it over this socket.
    public init(_ systemd: NotifySocket) {
        self.systemd = systemd
    }

    /// Tells what the protocol has words for.
    public mutating func hear(_ news: PoolNews) {
        switch news {
        case .reloading:
            let microseconds = SystemClock.monotonicNanoseconds() / 1000
            systemd.tell("RELOADING=1", "MONOTONIC_USEC=\(microseconds)", "STATUS=A new generation starts.")
        case .serving(let generation, let workers):
            systemd.tell("READY=1", "STATUS=Generation \(generation) serves with \(workers) workers.")
        case .reloadFailed(let generation, let reason):
            // A line feed would begin another assignment.
            let line = reason.split(separator: "\n").joined(separator: " ")
            systemd.tell("READY=1", "STATUS=The reload failed and generation \(generation) serves on: \(line)")
        case .stopping: systemd.tell("STOPPING=1", "STATUS=Finishing the requests that run.")
        case .alive: giveSignOfLife()
        }
    }

    private mutating func giveSignOfLife() {
        guard let interval = systemd.watchdogInterval else { return }
        let now = SystemClock.monotonicNanoseconds()
        guard now >= nextSignOfLife else { return }
        nextSignOfLife = now + interval / 3
        systemd.tell("WATCHDOG=1")
    }
}
