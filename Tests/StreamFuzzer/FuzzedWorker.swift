internal import FastCGI
internal import Linux
internal import Logging
internal import WorkerPool

/// The process that has to bear it: a worker as in a pool, whose handlers say what they were asked.
enum FuzzedWorker {
    /// The most of a body that a handler reads.
    static let bodyLimit = 1 << 20

    /// Serves on descriptor 0 until the control connection on descriptor 3 ends.
    static func run() throws {
        SignalDescriptor.blockAll()
        try FastCGILibrary.initialize()
        let worker = try Worker(
            options: WorkerOptions(
                threads: 4,
                requestTimeout: 10_000_000_000,
                shutdownTimeout: 10_000_000_000,
                peers: try AllowedPeers()
            ),
            listener: FileDescriptor(owning: 0),
            control: FileDescriptor(owning: 3),
            program: Echo(),
            log: Logger(label: "worker") { _ in SwiftLogNoOpLogHandler() }
        )
        try worker.run()
    }

    private struct Echo: WorkerProgram {
        /// Answers with the address, a space, and the length of the body: -1 where it is refused, "unread" where it was not
        /// asked for.
        func makeHandler() throws -> RequestHandler {
            RequestHandler { request, _ in
                let uri = request.withParameter("REQUEST_URI") { (value: Span<UInt8>?) -> [UInt8] in
                    guard let value else { return [] }
                    return value.indices.map { value[$0] }
                }
                guard uri.starts(with: "/read".utf8) else { return request.write(uri + " unread".utf8) }
                let length = (try? request.withBody(limit: bodyLimit) { $0.count }) ?? -1
                request.write(uri + " \(length)".utf8)
            }
        }

        func makeHousekeeping() throws -> any Housekeeping { Nothing() }
    }

    private struct Nothing: Housekeeping {
        func tick() {}
        func finish() {}
    }
}
