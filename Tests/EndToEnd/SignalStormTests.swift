import Linux
import Synchronization
import Testing

extension EndToEndTests {
    /// Signals that mean nothing to a worker, at a rate that would meet every read and write.
    ///
    /// libfcgi takes an interrupted read for the end of a body, and an interrupted write for the end of a connection.
    @Suite struct SignalStormTests {
        @Test func `a storm of signals cuts no body short, on its way in or out`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let workers = try instance.workers()
                let description = try instance.send(HTTPRequest("GET", "/openapi.json"))
                #expect(description.status == 200)
                // More than one read and one write of libfcgi.
                #expect(description.body.count > 32 << 10)
                let padding = String(repeating: " ", count: 60_000)
                let storm = try Storm(on: workers.map(\.pid))
                let load = try Load(connections: 4, socket: instance.plainSocket) { client, number in
                    let body = #"{"email":"storm.\#(client).\#(number)@example.com",\#(padding)"name":"Storm"}"#
                    return HTTPRequest("POST", "/api/v1/users", token: admin, json: body)
                }
                let client = HTTPClient(instance.plainSocket)
                for _ in 0..<200 {
                    let answer = try client.send(HTTPRequest("GET", "/openapi.json"))
                    #expect(answer.status == 200 && answer.body == description.body)
                }
                try load.goOn(for: 200)
                let outcome = try load.stop()
                storm.end()
                try expectNothingLost(outcome, instance, admin)
                #expect(try instance.workers() == workers)
            }
        }
    }
}

/// Sends signals to processes until it is told to end, a thousand times a second.
private final class Storm: Sendable {
    private let isOver = Atomic(false)
    private let ended = Semaphore(permits: 0)

    init(on processes: [Int32]) throws {
        _ = try Thread(name: "storm") { [self] in
            while !isOver.load(ordering: .relaxed) {
                for process in processes {
                    for signal in [Signal.hangUp, .user1, .user2, .child] { ChildProcess.send(signal, to: process) }
                }
                pause(milliseconds: 1)
            }
            ended.signal()
        }
    }

    func end() {
        isOver.store(true, ordering: .relaxed)
        _ = ended.wait(nanoseconds: 10_000_000_000)
    }
}
