internal import CPostgreSQL
internal import Glibc
internal import Linux

/// One connection to a server.
///
/// For one thread, which opens its own and keeps it: to open one takes milliseconds, a statement some ten microseconds.
/// Never carry one over a fork. Only ``interrupter`` may go to other threads.
///
/// Statements are queued by ``send(_:_:)`` and go to the server together by ``exchange(timeout:)``, in one round trip
/// however many they are (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html). Those of one exchange are one
/// transaction unless they contain BEGIN and COMMIT.
///
/// A connection that has broken stays so: see ``isLost``, and open another.
@safe public struct Connection: ~Copyable {
    // Not handed out: all unsafe use is in this module.
    let handle: OpaquePointer
    let pq: cpostgresql_functions
    let isPooled: Bool
    let pipeline: Pipeline

    /// Ends what runs on this connection, from any thread.
    public let interrupter: Interrupter

    /// Opens a connection.
    ///
    /// Blocks no longer than the options allow, but for the look-up of a host's name.
    ///
    /// - Throws: ``SQLState/cannotConnect``, with the reason in words only: nobody answers, the server refuses, libpq is
    ///   not installed.
    public init(_ options: ConnectionOptions) throws(PostgreSQLError) {
        let pq = try Library.functions()
        let keywords = options.keywords(password: try options.readPassword())
        // Sound: both lists end with nil, and libpq copies them before the call returns.
        let started = unsafe withCStrings(keywords.map(\.name)) { names in
            unsafe withCStrings(keywords.map(\.value)) { values in
                unsafe pq.PQconnectStartParams(names, values, 0)
            }
        }
        guard let handle = unsafe started else {
            throw PostgreSQLError(.outOfMemory, "no memory for a connection", statement: "connect")
        }
        // Sound: a new handle that nobody else knows; `deinit` closes it.
        let connection = unsafe Connection(handle, pq, isPooled: options.isPooled)
        try connection.finishConnecting(options)
        self = connection
    }

    /// Takes over a handle that nobody else closes.
    @unsafe private init(_ handle: OpaquePointer, _ pq: cpostgresql_functions, isPooled: Bool) {
        unsafe self.handle = handle
        self.pq = pq
        self.isPooled = isPooled
        pipeline = Pipeline()
        interrupter = Interrupter()
    }

    deinit {
        // Sound: the only place that closes the handle. A word of farewell is sent, without waiting for it to arrive.
        unsafe pq.PQfinish(handle)
    }

    /// Whether the connection has broken, or can no longer be trusted.
    public var isLost: Bool {
        unsafe pipeline.isLost || pq.PQstatus(handle) != CONNECTION_OK
    }

    /// Looks whether the server has ended the connection while nobody used it; without a round trip.
    ///
    /// What is not sent then cannot be lost. Not while something is queued.
    public func hasEnded() -> Bool {
        while !isLost {
            // Sound: the structure is this function's own.
            var entry = pollfd(fd: unsafe pq.PQsocket(handle), events: Int16(POLLIN), revents: 0)
            // Nothing comes to a connection that is not used but notices, settings that were changed, and its end.
            guard unsafe poll(&entry, 1, 0) > 0 else { return false }
            if unsafe pq.PQconsumeInput(handle) == 0 { pipeline.isLost = true }
        }
        return true
    }

    /// Whether a transaction is open, as of the last exchange; one that has failed and waits for its end too.
    public var isInTransaction: Bool {
        switch unsafe pq.PQtransactionStatus(handle) {
        case PQTRANS_INTRANS, PQTRANS_INERROR: true
        default: false
        }
    }

    /// Whether a transaction is open that has failed, and takes nothing but its end.
    public var hasFailedTransaction: Bool { unsafe pq.PQtransactionStatus(handle) == PQTRANS_INERROR }

    /// The version of the server, such as 150018 for 15.18.
    public var serverVersion: Int { Int(unsafe pq.PQserverVersion(handle)) }

    /// The server's process that serves this connection.
    public var serverProcess: Int32 { unsafe pq.PQbackendPID(handle) }

    /// Whether what goes over the network is encrypted.
    public var isEncrypted: Bool { unsafe pq.PQsslInUse(handle) != 0 }

    private func finishConnecting(_ options: ConnectionOptions) throws(PostgreSQLError) {
        let deadline = SystemClock.monotonicNanoseconds() + options.connectTimeout.nanoseconds
        // As documented of PQconnectStart: as if it had said that it wants to write, unless it has failed at once.
        var wanted = unsafe pq.PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            guard wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING else {
                throw unsafe PostgreSQLError(.cannotConnect, connection: handle, pq, statement: "connect")
            }
            let events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
            guard wait(for: Int16(events), until: deadline) else {
                throw PostgreSQLError(.cannotConnect, "the server does not answer", statement: "connect")
            }
            wanted = unsafe pq.PQconnectPoll(handle)
        }
        // Sound: the handle is open as long as this value lives. Notices would go to the standard error.
        _ = unsafe pq.PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard unsafe pq.PQsetnonblocking(handle, 1) == 0, unsafe pq.PQenterPipelineMode(handle) == 1 else {
            throw unsafe PostgreSQLError(.cannotConnect, connection: handle, pq, statement: "connect")
        }
        if !isPooled { try makeSettings(options, until: deadline) }
    }

    private func makeSettings(_ options: ConnectionOptions, until deadline: Int64) throws(PostgreSQLError) {
        do throws(PostgreSQLError) {
            try send(Statement("settings of the connection", sql: options.settingsStatement))
            let left = deadline - SystemClock.monotonicNanoseconds()
            _ = try exchange(timeout: .nanoseconds(max(1, left)))
        } catch {
            throw PostgreSQLError(.cannotConnect, error.message, statement: "connect")
        }
    }

    /// Waits for the socket; false where the time is over first.
    func wait(for events: Int16, until deadline: Int64) -> Bool {
        while true {
            let left = deadline - SystemClock.monotonicNanoseconds()
            guard left > 0 else { return false }
            // Sound: the structure is this function's own.
            var entry = pollfd(fd: unsafe pq.PQsocket(handle), events: events, revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(clamping: left / 1_000_000 + 1))
            if ready > 0 { return true }
            // An interrupted call has waited for some of the time; any other failure shows up in the next call of libpq.
            if ready < 0 && errno != EINTR { return true }
        }
    }
}

extension ConnectionOptions {
    /// - Throws: where the file cannot be read, or everybody may use it.
    fileprivate func readPassword() throws(PostgreSQLError) -> String? {
        guard let passwordFile else { return nil }
        let (status, bytes): (FileStatus, [UInt8])
        do throws(SystemError) {
            status = try FileStatus(of: passwordFile)
            bytes = try Files.read(passwordFile, limit: 4096)
        } catch {
            throw PostgreSQLError(.cannotConnect, error.description, statement: "connect")
        }
        guard status.permissions & 0o007 == 0 else {
            throw PostgreSQLError(.cannotConnect, "everybody may look at \(passwordFile)", statement: "connect")
        }
        return String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}

/// Lends a list of terminated strings that ends with nil.
///
/// Sound: all of it is good until the closure returns.
@unsafe private func withCStrings<Value>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    var bytes: [CChar] = []
    let starts = strings.map { string in
        defer { bytes += string.utf8.map { CChar(bitPattern: $0) } + [0] }
        return bytes.count
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<CChar>?] = unsafe starts.map { start in
            unsafe buffer.baseAddress.map { unsafe $0 + start }
        }
        unsafe pointers.append(nil)
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}
