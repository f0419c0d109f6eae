internal import CSQLite
internal import Glibc

/// Waits for locks that other connections hold.
///
/// SQLite has no queue for a lock: who waits has to ask again. Its own handler
/// asks after 1, 2, 5 ... 100 ms, so that under load some wait for seconds while
/// others take the lock over and over. This one asks more often: a wait costs
/// some 10 microseconds of processor time for each time it asks.
final class BusyWait {
    private static let firstDelay: UInt32 = 100
    private static let longestDelay: UInt32 = 2000

    private let timeout: Duration
    private let interrupter: Interrupter
    private var deadline = ContinuousClock.now
    // Spreads the threads that wait; any odd seed will do.
    private var noise: UInt32

    init(timeout: Duration, interrupter: Interrupter) {
        self.timeout = timeout
        self.interrupter = interrupter
        noise = UInt32.random(in: .min ... .max) | 1
    }

    /// Lets a connection wait by this object.
    ///
    /// Sound: the owner keeps the object alive and takes it out before it closes
    /// the connection; SQLite calls the handler only on the thread that uses the
    /// connection.
    @unsafe func install(on database: OpaquePointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sqlite3_busy_handler(
            database,
            { context, attempt in
                guard let context = unsafe context else { return 0 }
                let wait = unsafe Unmanaged<BusyWait>.fromOpaque(context).takeUnretainedValue()
                return wait.pause(attempt) ? 1 : 0
            },
            context
        )
    }

    /// Sleeps before the lock is asked for again.
    ///
    /// Returns whether to ask again; `attempt` counts from 0 for each lock.
    private func pause(_ attempt: Int32) -> Bool {
        let now = ContinuousClock.now
        if attempt == 0 {
            deadline = now + timeout
            interrupter.beginWait()
        }
        guard now < deadline, !interrupter.isWaitInterrupted else { return false }
        let delay = min(Self.firstDelay << UInt32(min(attempt, 8)), Self.longestDelay)
        noise ^= noise << 13
        noise ^= noise >> 17
        noise ^= noise << 5
        usleep(delay / 2 + noise % delay)
        return true
    }
}
