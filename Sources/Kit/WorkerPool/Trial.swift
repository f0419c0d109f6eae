internal import FastCGI
internal import Linux

/// One worker's trial: the supervisor's end of a connection over which the worker has a request.
final class Trial {
    /// What has come of it.
    enum Outcome: Equatable {
        /// It goes on.
        case open
        /// The answer is good.
        case passed
        /// It is not, and why.
        case failed(String)
    }

    /// The most bytes of an answer.
    private static let sizeLimit = 1 << 20

    private let request: TrialRequest
    private let connection: FileDescriptor
    private var received: [UInt8] = []

    /// Sends the request over a connection that does not block.
    init(_ request: TrialRequest, over connection: consuming FileDescriptor) throws(SystemError) {
        self.request = request
        self.connection = connection
        try self.connection.writeAll(BufferedExchange.request(request.parameters))
    }

    var number: Int32 { connection.number }

    /// Reads what has come.
    func read() -> Outcome {
        do throws(SystemError) {
            while true {
                let part = try connection.read(upTo: 65_536)
                if part.isEmpty { return .failed("a new worker did not answer the request that it was tried with") }
                received += part
                if let outcome = verdict() { return outcome }
                if received.count > Self.sizeLimit { return .failed("a new worker answered without end") }
            }
        } catch {
            return error.isTemporary ? .open : .failed("a new worker did not answer: \(error)")
        }
    }

    /// The verdict once END_REQUEST has come.
    private func verdict() -> Outcome? {
        guard let output = BufferedExchange.output(of: received) else { return nil }
        return request.accepts(output) ? .passed : .failed(Self.complaint(output))
    }

    private static func complaint(_ output: [UInt8]) -> String {
        let line = String(decoding: output.prefix { $0 != 10 && $0 != 13 }.prefix(80), as: UTF8.self)
        return "a new worker answered the request that it was tried with by \"\(line)\""
    }
}
