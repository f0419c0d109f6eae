internal import CLibFCGI
internal import Glibc
public import Linux

/// One FastCGI request at a time, parsed by libfcgi from a connection that we accepted.
///
/// An object belongs to one handler thread and is used again for each request. Life of a request: ``arrival(on:)``
/// says that it is whole, ``adopt(_:head:)`` parses it, parameters and body are read, ``write(_:)`` answers,
/// ``finish(isLast:beforeClosing:)`` ends it and gives the connection back where the web server keeps it.
///
/// libfcgi never accepts connections itself. It is handed a descriptor through fields of `FCGX_Request` that its
/// header calls private; ``FastCGILibrary/initialize()`` checks that they are what they were.
@safe
public final class Request {
    /// What is on a connection that became readable.
    public enum Arrival: Equatable, Sendable {
        /// A whole request.
        case request
        /// A request whose head has so many bytes, and the beginning of a body that is too large to be looked at whole.
        case longRequest(head: Int)
        /// Nothing yet.
        case silent
        /// The beginning of one.
        case incomplete
        /// The peer closed.
        case closed
        /// Bytes that no web server sends.
        case malformed(RecordInspection.Fault)

        /// True where a thread can serve what is there.
        public var isRequest: Bool {
            switch self {
            case .request, .longRequest: true
            case .silent, .incomplete, .closed, .malformed: false
            }
        }

        /// The length of the head where it has to be told to ``Request/adopt(_:head:)``.
        public var head: Int? { if case .longRequest(let head) = self { head } else { nil } }
    }

    /// Why a body was not delivered.
    public enum BodyError: Error, Equatable, Sendable {
        /// It is longer than the limit.
        case tooLarge
        /// The stream broke off, or its length is not the announced one.
        case truncated
    }

    // libfcgi keeps pointers into its request, so it stands at one address for the life of this object.
    private let request: UnsafeMutablePointer<FCGX_Request>
    /// The length of each parameter's name, in the order of `envp`, so that a look-up compares few names.
    private var nameLengths: [Int] = []
    private var peeked: [UInt8]
    /// How many bytes of it are of the connection that was looked at last.
    private var peekedCount = 0
    private var bodyBytes: [UInt8] = []
    private var keepsConnection = false
    /// The body where it does not come from libfcgi.
    private var bodyStream: BodyStream?
    private var isStdinAtEnd = false
    private var isBroken = false
    /// The rest of a long body was left where it is.
    private var isUnread = false

    /// Makes the place for one request.
    public init() {
        unsafe request = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe request.initialize(to: FCGX_Request())
        _ = unsafe FCGX_InitRequest(request, -1, 0)
        peeked = [UInt8](repeating: 0, count: 16 << 10)
    }

    deinit {
        unsafe FCGX_Free(request, 1)
        unsafe request.deallocate()
    }

    /// Looks at what has arrived on a connection, without taking it and without waiting.
    public func arrival(on connection: Int32) -> Arrival {
        let arrival = look(at: connection)
        guard arrival == .incomplete, Sockets.isClosedByPeer(connection) else { return arrival }
        // The last look, since the rest may have come with the end; a part could be looked at for ever.
        let last = look(at: connection)
        return last == .incomplete ? .closed : last
    }

    /// Shows the bytes of a parameter of the request that ``arrival(on:)`` has found, before it is taken by anybody; nil
    /// where it is missing, or stands where no web server puts it.
    ///
    /// The view is valid inside `body` only.
    public func withArrivedParameter<Result>(_ name: StaticString, _ body: (Span<UInt8>?) -> Result) -> Result {
        Self.showParameter(name, of: peeked, count: peekedCount, to: body)
    }

    private func look(at connection: Int32) -> Arrival {
        var count = peek(connection)
        if count == peeked.count, count < Self.window {
            // Rare: large parameters, or a body. The buffer stays as large for the next one.
            peeked = [UInt8](repeating: 0, count: Self.window)
            count = peek(connection)
        }
        peekedCount = max(0, count)
        if count == 0 { return .closed }
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .silent : .closed }
        switch Self.inspect(peeked, count: count) {
        case .complete: return .request
        case .long(let head): return .longRequest(head: head)
        case .incomplete: return .incomplete
        case .malformed(let fault): return .malformed(fault)
        }
    }

    /// The most that is looked at: a head, and as much of a body as is inspected.
    private static let window = RecordInspection.sizeLimit + RecordInspection.bodyWindow + 1024

    private func peek(_ connection: Int32) -> Int {
        // The buffer is this object's own; recv fills at most its count.
        unsafe peeked.withUnsafeMutableBytes { buffer in
            unsafe recv(connection, buffer.baseAddress, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT))
        }
    }

    /// Parses the request that waits on a connection, up to the end of its parameters.
    ///
    /// - Parameters:
    ///   - connection: one whose arrival said that a request is there.
    ///   - head: for a ``Arrival/longRequest(head:)``, the length of its head. libfcgi gets that much and no more,
    ///     through a socket pair, and the body is read without it.
    /// - Returns: false, with the connection closed, where libfcgi refuses it, and where the stream of parameters breaks
    ///   off (libfcgi calls that a success, and leaves the error in its input stream).
    public func adopt(_ connection: consuming FileDescriptor, head: Int? = nil) -> Bool {
        guard let head else { return parse(connection.release()) }
        // Where anything fails here, the connection is closed by its owner's end.
        guard let (parsed, requestID) = takeHead(head, from: connection), parse(parsed) else { return false }
        // libfcgi has read the head to its end; its answer goes to the web server.
        _ = FileDescriptor(owning: unsafe request.pointee.ipcFd)
        let number = connection.release()
        unsafe request.pointee.ipcFd = number
        bodyStream = BodyStream(connection: number, requestID: requestID)
        return true
    }

    /// Has libfcgi read from a descriptor, which is its own or closed from here on.
    private func parse(_ number: Int32) -> Bool {
        unsafe request.pointee.ipcFd = number
        // "Kept" makes FCGX_Accept_r go on with this connection instead of accepting one.
        unsafe request.pointee.keepConnection = 1
        guard unsafe FCGX_Accept_r(request) == 0 else {
            unsafe request.pointee.ipcFd = -1
            return false
        }
        guard unsafe FCGX_GetError(request.pointee.in) == 0 else {
            _ = endRequest().map { FileDescriptor(owning: $0) }
            return false
        }
        unsafe keepsConnection = request.pointee.keepConnection != 0
        bodyStream = nil
        isStdinAtEnd = false
        isBroken = false
        isUnread = false
        bodyBytes.removeAll(keepingCapacity: true)
        indexParameters()
        return true
    }

    /// Takes the head of a request off a connection: a descriptor that gives the same bytes and then ends, and the
    /// request's number.
    private func takeHead(_ count: Int, from connection: borrowing FileDescriptor) -> (Int32, requestID: Int)? {
        do throws(SystemError) {
            var head: [UInt8] = []
            while head.count < count {
                let part = try connection.read(upTo: count - head.count)
                guard !part.isEmpty else { return nil }
                head += part
            }
            let pair = try Sockets.pair(kind: .stream)
            // A socket holds more than the largest head.
            try pair.first.writeAll(head)
            return (pair.second.release(), Int(head[2]) << 8 | Int(head[3]))
        } catch {
            return nil
        }
    }

    /// The number of the connection in use, for a watchdog that must end it; -1 between requests.
    public var connection: Int32 { unsafe request.pointee.ipcFd }

    /// Looks a parameter up by its name and shows the bytes of its value, or nil where it is missing.
    ///
    /// The view is valid inside `body` only. Where a name occurs twice the first one counts.
    public func withParameter<Result, Failure: Error>(
        _ name: StaticString,
        _ body: (Span<UInt8>?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let value = unsafe value(of: name) else { return try body(nil) }
        return try body(unsafe value.span)
    }

    /// Reads the whole body and shows it; the view is valid inside `body` only.
    ///
    /// A second call shows the same bytes. Of a body beyond the limit no more is read than what tells that it is: nothing
    /// where it is long and announces its length.
    ///
    /// - Throws: ``BodyError``, or what `body` throws.
    public func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
        let announced = withParameter("CONTENT_LENGTH") { (digits: Span<UInt8>?) -> Int? in
            guard let digits else { return nil }
            return Self.decimal(digits)
        }
        if bodyStream != nil, let announced, announced > limit {
            drainStdin()
            throw BodyError.tooLarge
        }
        let wanted = min(announced ?? 8192, limit) + 1
        bodyBytes.reserveCapacity(wanted)
        var chunk = wanted
        while !isStdinAtEnd {
            // At most limit + 1 bytes are kept: the last one tells that there is more.
            chunk = min(max(chunk, 8192), limit + 1 - bodyBytes.count)
            guard chunk > 0 else {
                drainStdin()
                throw BodyError.tooLarge
            }
            read(upTo: chunk)
        }
        guard bodyBytes.count <= limit else { throw BodyError.tooLarge }
        guard !isBroken else { throw BodyError.truncated }
        if let announced, announced != bodyBytes.count { throw BodyError.truncated }
        return try Self.show(bodyBytes, to: body)
    }

    /// Hands bytes of the answer to libfcgi, which sends them with the end of the request where they fit in 8 KiB.
    public func write(_ bytes: [UInt8]) {
        // The array lives for the length of the call; libfcgi copies.
        let count = unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return 0 }
            let text = unsafe start.assumingMemoryBound(to: CChar.self)
            return unsafe FCGX_PutStr(text, Int32(clamping: buffer.count), request.pointee.out)
        }
        if count < 0 { isBroken = true }
    }

    /// Ends the request.
    ///
    /// What is left of STDIN is read first: left in place it would be parsed as the next request, and a client
    /// would write requests of its own making into the connection of the web server. The rest of a long body is not
    /// waited for: its connection serves no other request.
    ///
    /// - Parameters:
    ///   - isLast: has the web server not keep the connection, and closes it; see ``farewell``.
    ///   - beforeClosing: runs when the connection is about to be closed or given back, and nothing will be read from
    ///     it or written to it any more: for whoever watches the connection by its number.
    ///   - unread: takes a connection on which all has been said, while the rest of a long body may still come. That is to
    ///     be thrown away before the connection is closed: closing it with bytes unread is a reset to the web server, which
    ///     may then lose the answer. By default it is closed at once.
    /// - Returns: the connection where the web server keeps it, for its next request; else it is closed.
    public func finish(
        isLast: Bool = false,
        beforeClosing: () -> Void = {},
        unread: (consuming FileDescriptor) -> Void = { _ in }
    ) -> FileDescriptor? {
        drainStdin()
        let number = (isLast || isUnread) && keepsConnection && !isBroken ? endLastRequest() : endRequest()
        beforeClosing()
        guard let number else { return nil }
        let connection = FileDescriptor(owning: number)
        if isUnread {
            Sockets.endSending(connection)
            unread(connection)
            return nil
        }
        if keepsConnection && !isBroken && !isLast { return connection }
        return nil
    }

    /// Sends what is left of the answer, frees what libfcgi holds, and takes the connection back; nil where it is closed.
    ///
    /// libfcgi is told to keep the connection, and errors of reading are cleared: it would close by itself otherwise,
    /// and wait up to two seconds, and longer with a peer that drips, for the other side to close first.
    private func endRequest() -> Int32? {
        unsafe FCGX_ClearError(request.pointee.in)
        unsafe request.pointee.keepConnection = 1
        unsafe FCGX_Finish_r(request)
        let number = unsafe request.pointee.ipcFd
        unsafe request.pointee.ipcFd = -1
        return number >= 0 ? number : nil
    }

    /// The same for an answer after which the web server does not keep the connection.
    ///
    /// libfcgi writes the end of the answer into a file in memory, so that ``farewell`` leaves in one write with it.
    private func endLastRequest() -> Int32? {
        guard let end = try? Files.inMemory([]) else { return endRequest() }
        let connection = FileDescriptor(owning: unsafe request.pointee.ipcFd)
        unsafe request.pointee.ipcFd = end.release()
        if let number = endRequest() {
            let written = FileDescriptor(owning: number)
            let bytes = try? { () throws(SystemError) in
                try written.rewind()
                return try written.readAll(limit: 1 << 16)
            }()
            // A peer that has gone misses nothing.
            if let bytes { try? connection.writeAll(bytes + Self.farewell) }
        }
        return connection.release()
    }

    /// A management record without content: FCGI_GET_VALUES_RESULT that nobody asked for.
    ///
    /// A web server that meets bytes behind END_REQUEST does not use the connection again (nginx:
    /// ngx_http_fastcgi_input_filter sets `keepalive` only where END_REQUEST is the last that was read). Closing alone
    /// would come too late for a request that the web server has just put on the connection, and it sends a POST to no
    /// second server. So this is the one way to end a kept connection without losing anything.
    private static let farewell: [UInt8] = [1, 10, 0, 0, 0, 0, 0, 0]

    // A span of a stored property of a class cannot be passed on; that of a parameter can.

    private static func inspect(_ bytes: [UInt8], count: Int) -> RecordInspection {
        RecordInspection.inspect(bytes.span.extracting(first: count))
    }

    private static func showParameter<Result>(
        _ name: StaticString,
        of bytes: [UInt8],
        count: Int,
        to body: (Span<UInt8>?) -> Result
    ) -> Result {
        let span = bytes.span.extracting(first: count)
        guard let value = RecordInspection.value(of: name, in: span) else { return body(nil) }
        return body(span.extracting(value))
    }

    private static func show<Result>(_ bytes: [UInt8], to body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try body(bytes.span)
    }

    // MARK: - Parameters

    private func indexParameters() {
        nameLengths.removeAll(keepingCapacity: true)
        guard var entry = unsafe request.pointee.envp else { return }
        while let text = unsafe entry.pointee {
            // Each entry is NUL-terminated and holds a "=" that libfcgi put there.
            var length = 0
            while unsafe text[length] != CChar(bitPattern: UInt8(ascii: "=")), unsafe text[length] != 0 { length += 1 }
            // A name that holds a NUL, which no web server sends, would look like a shorter one.
            nameLengths.append(unsafe text[length] == 0 ? -1 : length)
            unsafe entry += 1
        }
    }

    private func value(of name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let length = name.utf8CodeUnitCount
        guard let entries = unsafe request.pointee.envp else { return nil }
        for index in nameLengths.indices where nameLengths[index] == length {
            guard let text = unsafe entries[index], unsafe memcmp(text, name.utf8Start, length) == 0 else { continue }
            let start = unsafe UnsafeRawPointer(text + length + 1).assumingMemoryBound(to: UInt8.self)
            return unsafe UnsafeBufferPointer(start: start, count: strlen(text + length + 1))
        }
        return nil
    }

    private static func decimal(_ digits: Span<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value = 0
        for index in digits.indices {
            guard case 48...57 = digits[index] else { return nil }
            value = value * 10 + Int(digits[index] - 48)
        }
        return value
    }

    // MARK: - STDIN

    private func read(upTo count: Int) {
        let before = bodyBytes.count
        bodyBytes.append(contentsOf: repeatElement(0, count: count))
        // The last `count` bytes of the array, which are filled from the front.
        let read = unsafe bodyBytes.withUnsafeMutableBytes { buffer -> Int in
            unsafe readStdin(into: UnsafeMutableRawBufferPointer(rebasing: buffer[before...]))
        }
        bodyBytes.removeLast(count - max(0, read))
        if read < count { noteEndOfStdin() }
    }

    private func drainStdin() {
        guard !isStdinAtEnd else { return }
        // What was looked at has arrived; the rest of a long body would have to be waited for.
        guard bodyStream == nil else {
            isStdinAtEnd = true
            isUnread = true
            return
        }
        // 4 KiB on the stack, filled and thrown away, up to a bound: past it the connection is closed instead.
        unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            var left = 16 << 20
            while left > 0 {
                let read = unsafe readStdin(into: buffer)
                left -= max(0, read)
                if read < 4096 { return noteEndOfStdin() }
            }
            isBroken = true
            isStdinAtEnd = true
        }
    }

    /// Fills a buffer from its front; less than its size comes at the end of STDIN only.
    private func readStdin(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        // The caller's buffer, for the length of the call.
        if bodyStream != nil { return unsafe bodyStream?.read(into: buffer) ?? 0 }
        guard let start = buffer.baseAddress else { return 0 }
        let text = unsafe start.assumingMemoryBound(to: CChar.self)
        return Int(unsafe FCGX_GetStr(text, Int32(clamping: buffer.count), request.pointee.in))
    }

    private func noteEndOfStdin() {
        isStdinAtEnd = true
        if let bodyStream {
            if !bodyStream.isComplete { isBroken = true }
        } else if unsafe FCGX_GetError(request.pointee.in) != 0 {
            isBroken = true
        }
    }
}
