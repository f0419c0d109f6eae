internal import CPostgreSQL
internal import Glibc
internal import Linux

extension Connection {
    /// Waits for a notification of a channel that this connection listens to (LISTEN).
    ///
    /// Blocks so long at most. Not while something is queued.
    ///
    /// - Returns: Its text, which may be empty; nil where none has come in this time.
    /// - Throws: ``SQLState/connectionFailure``; what others call out until there is another one is lost.
    public func nextNotification(timeout: Duration) throws(PostgreSQLError) -> String? {
        let listening = try Library.listeningFunctions()
        let deadline = SystemClock.monotonicNanoseconds() + timeout.nanoseconds
        while !isLost {
            if let notification = unsafe listening.PQnotifies(handle) {
                // Sound: it is this function's own now, and its text a terminated string, which is copied.
                defer { unsafe listening.PQfreemem(notification) }
                return unsafe notification.pointee.extra.map { unsafe String(cString: $0) } ?? ""
            }
            guard wait(for: Int16(POLLIN), until: deadline) else { return nil }
            if unsafe pq.PQconsumeInput(handle) == 0 { pipeline.isLost = true }
        }
        throw unsafe PostgreSQLError(.connectionFailure, connection: handle, pq, statement: "notifications")
    }
}
