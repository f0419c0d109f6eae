import JSON
import Linux
import Synchronization

/// Clients that send one request after another, each on a connection of its own, until they are told to stop.
final class Load: Sendable {
    /// What came back.
    struct Outcome: Sendable {
        /// The bodies' ids of all 201.
        var acknowledged: [String] = []
        /// All other statuses with how often they came.
        var refusals: [Int: Int] = [:]
        /// When the last of these came, 0 if there was none; a time of `SystemClock.monotonicNanoseconds()`.
        var lastRefusal: Int64 = 0
        /// Requests without a whole response.
        var failures: [String] = []
    }

    private let outcome = Mutex(Outcome())
    private let isStopping = Atomic(false)
    private let finished = Semaphore(permits: 0)
    private let connections: Int

    /// Starts; `makeRequest` gets the number of the client and that of its request.
    init(connections: Int, socket: String, _ makeRequest: @escaping @Sendable (Int, Int) -> HTTPRequest) throws {
        self.connections = connections
        for client in 0..<connections {
            _ = try Thread(name: "load-\(client)") { [self] in
                run(client, socket, makeRequest)
                finished.signal()
            }
        }
    }

    /// Starts clients that create accounts, as an administrator, with addresses that all differ.
    static func creatingUsers(on instance: Instance, as token: String, connections: Int = 8) throws -> Load {
        let run = SystemClock.monotonicNanoseconds()
        return try Load(connections: connections, socket: instance.plainSocket) { client, number in
            let email = "load.\(run).\(client).\(number)@example.com"
            return HTTPRequest("POST", "/api/v1/users", token: token, json: #"{"email":"\#(email)","name":"Load"}"#)
        }
    }

    /// Starts clients that create API keys: changes that are not heavy, so that they wait for a thread like any request.
    ///
    /// An account may have 100.
    static func creatingKeys(on instance: Instance, as token: String, connections: Int) throws -> Load {
        try Load(connections: connections, socket: instance.plainSocket) { _, _ in
            HTTPRequest("POST", "/api/v1/api-keys", token: token, json: #"{"name":"Load"}"#)
        }
    }

    /// How many requests have been acknowledged so far.
    var progress: Int { outcome.withLock { $0.acknowledged.count } }

    /// When the last request was refused, 0 if none was; a time of `SystemClock.monotonicNanoseconds()`.
    var lastRefusal: Int64 { outcome.withLock { $0.lastRefusal } }

    /// Waits until that many more requests have been acknowledged.
    func goOn(for count: Int) throws {
        let goal = progress + count
        try eventually("\(count) more acknowledged requests") { progress >= goal }
    }

    /// Lets each client finish its request, and tells what came back.
    func stop() throws -> Outcome {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<connections where !finished.wait(nanoseconds: 30_000_000_000) {
            throw Failure("a client did not get an answer within 30 s")
        }
        return outcome.withLock { $0 }
    }

    private func run(_ client: Int, _ socket: String, _ makeRequest: (Int, Int) -> HTTPRequest) {
        let http = HTTPClient(socket)
        var number = 0
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            number += 1
            let result = Result { try http.send(makeRequest(client, number)) }
            let id = (try? result.get().json())?["data"]?["id"]?.string
            outcome.withLock { outcome in
                switch result {
                case .success(let response):
                    if response.status == 201, let id {
                        outcome.acknowledged.append(id)
                    } else {
                        outcome.refusals[response.status, default: 0] += 1
                        outcome.lastRefusal = SystemClock.monotonicNanoseconds()
                    }
                case .failure(let error): outcome.failures.append("\(error)")
                }
            }
            // A service that is gone refuses at once; asking on without a rest would only heat the machine.
            if id == nil { pause(milliseconds: 2) }
        }
    }
}
