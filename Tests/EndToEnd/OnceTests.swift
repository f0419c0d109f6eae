import Glibc
import JSON
import Linux
import LinuxTestSupport
import PostgreSQL
import Synchronization
import Testing

extension EndToEndTests {
    /// Changes that are asked for more than once and made once.
    @Suite struct OnceTests {
        @Test(arguments: DatabaseHome.allCases)
        func `where a worker dies between commit and answer, the client gets the one answer`(home: DatabaseHome) throws
        {
            try Instance.run(Self.oneWorker(home)) { instance in
                let admin = try instance.signIn()
                let (made, answer) = try KilledAfterCommit(instance).answer { number in
                    HTTPRequest(
                        "POST",
                        "/api/v1/users",
                        token: admin,
                        json: #"{"email":"once\#(number)@example.com","name":"Once"}"#
                    )
                }
                #expect(answer.status == 201, "\(answer.text)")
                let id = try #require(try answer.json()["data"]?["id"]?.string)
                // Each try before has made one user more.
                #expect(try instance.total(as: admin) == made + 1)
                let (_, changed) = try KilledAfterCommit(instance).answer { number in
                    HTTPRequest("PATCH", "/api/v1/users/\(id)", token: admin, json: #"{"name":"Name \#(number)"}"#)
                }
                #expect(changed.status == 200, "\(changed.text)")
                // No version was left out.
                let present = try instance.send(HTTPRequest("GET", "/api/v1/users/\(id)", token: admin))
                #expect(present["etag"] == changed["etag"])
                #expect(present.body == changed.body)
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `the second try is answered though the first has ended the session that it comes with`(
            home: DatabaseHome
        ) throws {
            try Instance.run(Self.oneWorker(home)) { instance in
                let (_, answer) = try KilledAfterCommit(instance).answer { _ in
                    HTTPRequest("DELETE", "/api/v1/sessions/current", token: try instance.signIn())
                }
                #expect(answer.status == 204, "\(answer.text)")
                let admin = try instance.signIn()
                let (_, deleted) = try KilledAfterCommit(instance).answer { number in
                    let id = try instance.createUser("gone\(number)@example.com", as: admin)
                    return HTTPRequest("DELETE", "/api/v1/users/\(id)", token: admin)
                }
                #expect(deleted.status == 204, "\(deleted.text)")
                #expect(try instance.total(as: admin) == 1)
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a change that a client has named survives the same, and is answered so again`(home: DatabaseHome) throws {
            try Instance.run(Self.oneWorker(home)) { instance in
                let admin = try instance.signIn()
                func change(_ number: Int) -> HTTPRequest {
                    HTTPRequest(
                        "POST",
                        "/api/v1/api-keys",
                        token: admin,
                        json: #"{"name":"Key"}"#,
                        fields: ["Idempotency-Key: \"key-\(number)\""]
                    )
                }
                let (number, answer) = try KilledAfterCommit(instance).answer(to: change)
                #expect(answer.status == 201, "\(answer.text)")
                #expect(answer["idempotency-replayed"] == nil)
                let again = try instance.send(change(number))
                #expect(again.status == 201)
                #expect(again["idempotency-replayed"] == "true")
                #expect(again.body == answer.body)
                #expect(try instance.number("SELECT count(*) FROM api_keys") == number)
                guard home == .file else { return }
                let key = try #require(try answer.json()["data"]?["key"]?.string)
                #expect(try !Files.read("\(instance.directory)/gatehouse.db-wal").contains(text: key))
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `fifty at once with one key make one change, and all that are answered are answered alike`(
            home: DatabaseHome
        ) throws {
            try Instance.run(home.options()) { instance in
                let admin = try instance.signIn()
                // Hashing a password is the slow work that nobody does twice.
                let change = HTTPRequest(
                    "POST",
                    "/api/v1/users",
                    token: admin,
                    json: #"{"email":"fifty@example.com","name":"Fifty","password":"a long sentence of mine"}"#,
                    fields: ["Idempotency-Key: fifty"]
                )
                let answers = Mutex<[HTTPResponse]>([])
                let failures = Mutex<[String]>([])
                let finished = Semaphore(permits: 0)
                let socket = instance.plainSocket
                for _ in 0..<50 {
                    _ = try Thread(name: "client") {
                        do {
                            let answer = try HTTPConnection(socket, within: 60).send(change)
                            answers.withLock { $0.append(answer) }
                        } catch {
                            failures.withLock { $0.append("\(error)") }
                        }
                        finished.signal()
                    }
                }
                for _ in 0..<50 { try #require(finished.wait(nanoseconds: 60_000_000_000)) }
                #expect(failures.withLock { $0 } == [])
                let all = answers.withLock { $0 }
                let made = all.filter { $0.status == 201 }
                #expect(made.contains { $0["idempotency-replayed"] == nil })
                #expect(Set(made.map(\.text)).count == 1)
                let waiting = all.filter { $0.status != 201 }
                #expect(waiting.allSatisfy { $0.status == 409 && $0.errorCode == "REQUEST_IN_PROGRESS" })
                #expect(waiting.allSatisfy { $0["retry-after"] == "1" })
                #expect(try instance.number("SELECT count(*) FROM users") == 2)
                #expect(try instance.send(change).text == made.first?.text)
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `what a client sends as an id names no request`(home: DatabaseHome) throws {
            try Instance.run(home.options()) { instance in
                let admin = try instance.signIn()
                let path = "/api/v1/users"
                let first = try instance.send(
                    HTTPRequest("POST", path, token: admin, json: #"{"email":"a@example.com","name":"A"}"#)
                )
                let id = try #require(first["request-id"])
                let second = try instance.send(
                    HTTPRequest(
                        "POST",
                        path,
                        token: admin,
                        json: #"{"email":"b@example.com","name":"B"}"#,
                        fields: ["Request-Id: \(id)", "X-Request-Id: \(id)", "REQUEST_ID: \(id)"]
                    )
                )
                #expect(second.status == 201)
                #expect(second.text != first.text)
                #expect(second["request-id"] != id)
                let stranger = try instance.send(
                    HTTPRequest("POST", path, json: "{}", fields: ["Request-Id: \(id)", "X-Request-Id: \(id)"])
                )
                #expect(stranger.status == 401)
            }
        }

        @Test func `behind nginx a request takes two workers with it and is then refused`() throws {
            let directory = try Scratch.makeDirectory()
            defer { Scratch.remove(directory) }
            try Files.makeDirectory("\(directory)/log", permissions: 0o755)
            try Files.replace("\(directory)/plan", with: Array("workers=4 counts-crashes".utf8), permissions: 0o600)
            let log = "\(directory)/log/events.log"
            let pool = try RunningProcess(try BuiltProgram.path("pool-probe"), ["serve", directory], log: log)
            defer { pool.stop(.interrupt) }
            let site = "\(directory)/run/plain.sock"
            try Command.succeed(
                "\(Program.root)/scripts/nginx-site",
                [
                    "--data", directory, "--workers", "1", "--plain-listen", "unix:\(site)", "--limits", "off",
                    "--socket", "\(directory)/fcgi.sock",
                ]
            )
            let nginx = try RunningProcess(
                try Program.tool("nginx"),
                ["-e", "\(directory)/log/start.log", "-c", "\(directory)/nginx/nginx.conf"],
                log: log
            )
            defer { nginx.stop(.terminate) }
            try eventually("the pool answers") {
                (try? HTTPConnection(site).send(HTTPRequest("GET", "/api/web")).status) == 200
            }
            for method in ["GET", "POST"] {
                let deaths = try Self.deaths(log)
                let answer = try HTTPConnection(site).send(HTTPRequest(method, "/api/poison", body: []))
                #expect(answer.status == 500)
                #expect(answer.text == "refused")
                try eventually("two deaths are told") { try Self.deaths(log) == deaths + 2 }
                #expect(try HTTPConnection(site).send(HTTPRequest("GET", "/api/web")).status == 200)
            }
            #expect(try Self.deaths(log) == 4)
        }

        private static func deaths(_ log: String) throws -> Int {
            String(decoding: try Files.read(log), as: UTF8.self).split(separator: "\n").count {
                $0.contains("worker died")
            }
        }

        private static func oneWorker(_ home: DatabaseHome) throws -> Instance.Options {
            var options = home.options()
            options.workers = 1
            options.threads = 2
            return options
        }
    }
}

/// Kills the worker of an instance that has one when it has committed a change and not answered yet.
///
/// Nothing in the program helps with that. The worker is stopped and goes on for some microseconds at a time, until the
/// index of the write-ahead log, or the server, shows a commit. Where the answer is out by then, another change is made.
private struct KilledAfterCommit {
    private let instance: Instance
    private let worker: Int32
    private let server: ReceiptCount?

    init(_ instance: Instance) throws {
        self.instance = instance
        var worker: Int32?
        try eventually("a worker is ready") {
            let workers = try instance.workers()
            worker = workers.count == 1 && workers[0].phase == "ready" ? workers[0].pid : nil
            return worker != nil
        }
        self.worker = worker ?? 0
        server = try instance.options.database.map { try ReceiptCount($0) }
    }

    /// The answer that the client gets although the worker was killed, and the number of the change, from 1.
    func answer(to change: (Int) throws -> HTTPRequest) throws -> (number: Int, answer: HTTPResponse) {
        // There is no more than a hundred keys of one user.
        for number in 1...90 {
            let request = try change(number)
            let connection = try HTTPConnection(instance.plainSocket, within: 60)
            let before = try commits()
            kill(worker, SIGSTOP)
            try connection.begin(request)
            while try commits() == before, try !connection.hasAnswer() {
                kill(worker, SIGCONT)
                kill(worker, SIGSTOP)
            }
            // nginx has it as soon as it is out, and passes it on.
            pause(milliseconds: 2)
            if try !connection.hasAnswer() {
                kill(worker, SIGKILL)
                return (number, try connection.answer(to: request))
            }
            kill(worker, SIGCONT)
            _ = try connection.answer(to: request)
        }
        throw Failure("no worker was caught between commit and answer")
    }

    /// The head of the log's index, which each commit changes (SQLite's walformat, section 2.1); of a server, how many
    /// changes it has.
    private func commits() throws -> [UInt8] {
        if let server { return Array("\(try server.value())".utf8) }
        return Array(try Files.read("\(instance.directory)/gatehouse.db-shm", limit: 1 << 20).prefix(48))
    }
}

/// How many changes a server has receipts of, asked over one connection.
private final class ReceiptCount {
    private let connection: Connection

    init(_ database: ConnectionOptions) throws {
        connection = try Connection(database)
    }

    func value() throws -> Int64 {
        try connection.send(Statement("receipts", sql: "SELECT count(*) FROM receipts"))
        let answers = try connection.exchange(timeout: .seconds(60))
        return try #require(answers.first).int64(0, 0)
    }
}

extension [UInt8] {
    /// Whether a text stands somewhere in the bytes.
    fileprivate func contains(text: String) -> Bool {
        let pattern = Array(text.utf8)
        guard count >= pattern.count else { return false }
        return (0...(count - pattern.count)).contains { start in
            self[start] == pattern[0] && self[start..<(start + pattern.count)].elementsEqual(pattern)
        }
    }
}
