internal import CLibFCGI
internal import Linux

/// libfcgi, made ready for use by many threads, and checked to be the one that this driver knows.
public enum FastCGILibrary {
    /// Why libfcgi cannot be used.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// `FCGX_Init` failed.
        case initialization(Int32)
        /// The request structure is laid out in another way than in libfcgi 2.4.
        case layout(found: Int, expected: Int)
        /// A request that was adopted on a socket pair did not come through as it must.
        case behaviour(String)

        /// In words, naming the library.
        public var description: String {
            switch self {
            case .initialization(let code): "libfcgi: FCGX_Init failed with \(code)"
            case .layout(let found, let expected):
                "libfcgi: FCGX_Request has \(found) bytes where libfcgi 2.4 has \(expected); install libfcgi-dev 2.4"
            case .behaviour(let what): "libfcgi: \(what); install libfcgi0ldbl 2.4.2 or a compatible version"
            }
        }
    }

    /// Initialises libfcgi once for the process, before any thread that uses it, and checks it.
    ///
    /// libfcgi tells no version, and adopting a connection relies on fields that its header calls private. So the
    /// check is of what matters: the size of the structure, and a request sent through a socket pair.
    ///
    /// `FCGX_Init` installs handlers for SIGPIPE, SIGTERM and SIGUSR1; they are taken out again, because a handler
    /// that runs on a thread of ours cuts the body which that thread reads or writes (libfcgi does not retry EINTR).
    public static func initialize() throws {
        let code = FCGX_Init()
        guard code == 0 else { throw Failure.initialization(code) }
        SignalDescriptor.restoreDefaults([.terminate, .user1])
        SignalDescriptor.ignoreWriteFailures()
        let size = unsafe MemoryLayout<FCGX_Request>.size
        guard size == 80 else { throw Failure.layout(found: size, expected: 80) }
        try checkBehaviour()
    }

    private static func checkBehaviour() throws {
        let pair = try Sockets.pair(kind: .stream)
        let request = Request()
        try pair.first.writeAll(probe)
        let second = pair.second.number
        guard request.adopt(pair.second) else {
            throw Failure.behaviour("an adopted connection was refused")
        }
        guard request.withParameter("A", { $0?.count == 1 && $0?[0] == UInt8(ascii: "b") }) else {
            throw Failure.behaviour("a parameter of an adopted request is lost")
        }
        request.write([UInt8](repeating: UInt8(ascii: "x"), count: 3))
        guard let kept = request.finish() else {
            throw Failure.behaviour("a kept connection was closed")
        }
        guard kept.number == second else { throw Failure.behaviour("a kept connection changed its descriptor") }
        let answer = try pair.first.read(upTo: 256)
        // STDOUT "xxx", the end of STDOUT, END_REQUEST: the records' types at their places (specification, 3.3).
        guard answer.count >= 40, answer[1] == 6, answer[8...10].allSatisfy({ $0 == UInt8(ascii: "x") }) else {
            throw Failure.behaviour("the answer to an adopted request is not what was written")
        }
    }

    /// BEGIN_REQUEST (RESPONDER, KEEP_CONN), PARAMS `A=b`, end of PARAMS, end of STDIN.
    private static let probe: [UInt8] = [
        1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
        1, 4, 0, 1, 0, 4, 0, 0, 1, 1, 65, 98,
        1, 4, 0, 1, 0, 0, 0, 0,
        1, 5, 0, 1, 0, 0, 0, 0,
    ]
}
