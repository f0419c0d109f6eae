import Linux
import Testing

extension EndToEndTests {
    /// Very many kept connections that nobody uses.
    @Suite struct IdleConnectionTests {
        private static let request =
            FastCGIRecord.bytes(FastCGIRecord.begin, [0, 1, 1, 0, 0, 0, 0, 0])
            + FastCGIRecord.head("GET", "/api/v1/nowhere") + FastCGIRecord.bytes(FastCGIRecord.body, [])

        /// Ten thousand, or what the hard limit on descriptors leaves: each wants one here and one in a worker.
        private static let count = min(10_000, Int(clamping: ThisProcess.raiseDescriptorLimit()) - 1000)

        @Test func `ten thousand idle connections delay nobody and cost little memory`() throws {
            try #require(Self.count > 1000, "the hard limit on descriptors (ulimit -Hn) is too low")
            try Instance.run { instance in
                let workers = try instance.workers().map(\.pid)
                _ = try percentile(instance)
                var without = [try percentile(instance)]
                var with: [Int64] = []
                var memory = 0
                // By turns, and again where something else took the machine meanwhile.
                for turn in 0..<6 where turn < 2 || !isUndelayed(with, without) {
                    let before = try workers.reduce(0) { $0 + (try ProcessTable.residentMemory(of: $1)) }
                    let idle = try (0..<Self.count).map { _ in try keptConnection(instance) }
                    with.append(try percentile(instance))
                    memory = max(memory, try workers.reduce(-before) { $0 + (try ProcessTable.residentMemory(of: $1)) })
                    // Each is still good for a request.
                    for number in [0, Self.count / 2, Self.count - 1] {
                        try idle[number].send(Self.request)
                        #expect(try !idle[number].read().isEmpty)
                    }
                    _ = consume idle
                    without.append(try percentile(instance))
                }
                let bytes = memory * 1024 / Self.count
                print("\(Self.count) idle connections: \(bytes) bytes of the workers' memory each;")
                print("99th percentile of others in microseconds: \(with) with them, \(without) without")
                #expect(bytes < 1024)
                #expect(isUndelayed(with, without), "the room is for a busy machine")
                #expect(try instance.workers().map(\.pid) == workers)
            }
        }

        /// Whether the least of the times with idle connections is about the least without, in microseconds.
        private func isUndelayed(_ with: [Int64], _ without: [Int64]) -> Bool {
            guard let worst = with.min(), let usual = without.min() else { return false }
            return worst < 2 * usual + 2000
        }

        private func keptConnection(_ instance: Instance) throws -> FastCGIPeer {
            let peer = try FastCGIPeer(instance.applicationSocket)
            try peer.send(Self.request)
            guard try !peer.read().isEmpty else { throw Failure("no answer before the connection lay idle") }
            return peer
        }

        /// The 99th percentile of how long requests through nginx take, in microseconds.
        private func percentile(_ instance: Instance) throws -> Int64 {
            let client = HTTPClient(instance.plainSocket)
            var times: [Int64] = []
            for _ in 0..<1000 {
                let start = SystemClock.monotonicNanoseconds()
                let status = try client.send(HTTPRequest("GET", "/api/v1/nowhere")).status
                times.append((SystemClock.monotonicNanoseconds() - start) / 1000)
                #expect(status == 404)
            }
            return times.sorted()[990]
        }
    }
}
