internal import CPostgreSQL
internal import Linux
internal import Synchronization

/// Asks the server to end what it does for a connection.
///
/// libpq asks over a connection of its own and waits until the server closes it, without any limit: a server that is
/// stopped never does. So a thread of its own waits; where some wait already, nobody is asked any more.
enum Cancellation {
    private static let limit = 4
    private static let running = Atomic<Int>(0)

    // Sendable although it holds pointers: it is all that one thread makes for another, which alone uses it.
    @safe private struct Request: @unchecked Sendable {
        let cancel: OpaquePointer
        let pq: cpostgresql_functions

        func send() {
            var message: [CChar] = Array(repeating: 0, count: 256)
            // Sound: the buffer has so many bytes; the request is used by this thread alone, and freed once.
            unsafe message.withUnsafeMutableBufferPointer { buffer in
                _ = unsafe pq.PQcancel(cancel, buffer.baseAddress, Int32(buffer.count))
            }
            unsafe pq.PQfreeCancel(cancel)
        }
    }

    /// Asks for the end of the statement that runs; whether it comes the connection will tell.
    ///
    /// Sound: the connection is open, which its owner sees to.
    @unsafe static func send(for connection: OpaquePointer, _ pq: cpostgresql_functions) {
        guard running.add(1, ordering: .relaxed).oldValue < limit, let cancel = unsafe pq.PQgetCancel(connection) else {
            running.subtract(1, ordering: .relaxed)
            return
        }
        let request = unsafe Request(cancel: cancel, pq: pq)
        do throws(SystemError) {
            _ = try Thread(name: "cancel") {
                request.send()
                running.subtract(1, ordering: .relaxed)
            }
        } catch {
            // No thread to spare: the request goes unsent, and the time limit of the connection decides.
            unsafe pq.PQfreeCancel(cancel)
            running.subtract(1, ordering: .relaxed)
        }
    }
}
