import JSON
import Linux
import PostgreSQL
import SharedMemory
import Testing

import class PostgreSQLTestSupport.ScratchServer

/// A whole instance: directory, database with an administrator, pool of workers, nginx.
final class Instance {
    /// How an instance differs from the usual.
    struct Options {
        var workers = 2
        var threads = 8
        /// Where the database is, on the server in one of its own; nil: where those of the run are.
        var home: DatabaseHome?
        /// A database on a server that the test names itself.
        var database: ConnectionOptions?
        /// The directory of another instance with the same database, whose secrets it has too.
        var neighbour: String?
        /// Settings, as `GATEHOUSE_NAME=value`.
        var settings: [String] = []
        /// For scripts/nginx-site.
        var nginx = ["--limits", "off"]
        /// Replacements in files of nginx's configuration.
        var nginxEdits: [(file: String, text: String, replacement: String)] = []
        /// How many descriptors the pool may have.
        var descriptors: Int?
        /// Whether requests are limited; tests send more than a client should.
        var isLimited = false
        /// Runs a copy of the program in the instance's directory, which the test may replace.
        var copiesProgram = false
    }

    static let administratorEmail = "admin@example.com"
    static let administratorPassword = "quantal vellum ostrich"

    let directory: String
    let program: String
    let options: Options
    private(set) var supervisor: RunningProcess?
    private(set) var nginx: RunningProcess?

    var plainSocket: String { "\(directory)/run/plain.sock" }
    var applicationSocket: String { "\(directory)/run/gatehouse.sock" }
    var eventLog: String { "\(directory)/log/events.log" }
    var curl: Curl { Curl(socket: "\(directory)/run/tls.sock", authority: "\(directory)/tls/server.crt") }

    /// Makes a whole instance, lets the test work with it, and ends and removes all of it.
    static func run(_ options: Options = Options(), _ test: (Instance) throws -> Void) throws {
        try prepared(options) { instance in
            try instance.serve()
            try instance.startNginx()
            try test(instance)
        }
    }

    /// The same without anything that runs: a database with an administrator.
    static func prepared(_ options: Options = Options(), _ test: (Instance) throws -> Void) throws {
        // A peer that goes in the middle of a write is an error of that write and not the end of the tests.
        SignalDescriptor.ignoreWriteFailures()
        let instance = try Instance(options)
        RunningInstances.add(instance.directory)
        defer {
            RunningInstances.remove(instance.directory)
            instance.nginx?.stop(.terminate)
            instance.supervisor?.stop(.interrupt)
            // Nobody else uses the memory of a directory that goes.
            if let segment = try? SegmentName(program: "gatehouse", directory: instance.directory) {
                try? Files.remove(segment.path)
            }
            Scratch.remove(instance.directory)
        }
        do {
            try instance.prepare()
            try test(instance)
        } catch let error as ExpectationFailedError {
            throw error
        } catch {
            throw Failure("\(error)\n\(RunningInstances.logs())")
        }
    }

    private init(_ options: Options) throws {
        let built = try Program.path()
        var options = options
        if !options.isLimited { options.settings.append("GATEHOUSE_LIMITS_ENABLED=false") }
        if options.home ?? .usual == .server, options.database == nil {
            options.database = try DatabaseHome.makeDatabase()
        }
        if let database = options.database {
            options.settings += [
                "GATEHOUSE_DATABASE_HOST=\(database.host)", "GATEHOUSE_DATABASE_NAME=\(database.database)",
                "GATEHOUSE_DATABASE_USER=\(database.user)",
            ]
        }
        self.options = options
        directory = try Scratch.makeDirectory()
        program = options.copiesProgram ? "\(directory)/bin/gatehouse" : built
    }

    private func prepare() throws {
        for name in ["log", "tls", "bin"] { try Files.makeDirectory("\(directory)/\(name)", permissions: 0o755) }
        if options.copiesProgram { try Command.succeed("cp", [try Program.path(), program]) }
        let certificate = try Certificate.shared.get()
        try Files.replace("\(directory)/tls/server.crt", with: certificate.certificate, permissions: 0o644)
        try Files.replace("\(directory)/tls/server.key", with: certificate.key, permissions: 0o600)
        if let neighbour = options.neighbour {
            try Files.makeDirectory("\(directory)/keys", permissions: 0o700)
            let secrets = try Files.read("\(neighbour)/keys/instance.keys")
            return try Files.replace("\(directory)/keys/instance.keys", with: secrets, permissions: 0o600)
        }
        try command(["migrate", "up"])
        try command(
            ["users", "create", "--email", Self.administratorEmail, "--name", "Admin", "--admin", "--password-stdin"],
            input: Self.administratorPassword
        )
    }

    // MARK: - Commands

    /// Runs a command of the program on this instance, and expects it to succeed.
    @discardableResult
    func command(_ arguments: [String], input: String = "") throws -> String {
        let arguments = arguments + ["--data", directory]
        return try Command.succeed(program, arguments, input: Array(input.utf8), environment: options.settings)
    }

    /// Runs a command of the program on this instance, whatever comes of it.
    func attempt(_ arguments: [String], settings: [String] = []) throws -> Command {
        try Command.run(program, arguments + ["--data", directory], environment: options.settings + settings)
    }

    /// Runs statements on the database by the sqlite3 shell, beside the program.
    @discardableResult
    func sqlite(_ statements: String) throws -> String {
        try Command.succeed("sqlite3", ["\(directory)/gatehouse.db", statements])
    }

    /// The number that a query of the test's own finds in the database, on whichever engine it is.
    func number(_ query: String) throws -> Int {
        if let database = options.database { return Int(try ScratchServer.run(query, database).int64(0, 0)) }
        let text = try sqlite(query).line
        guard let number = Int(text) else { throw Failure("\(query): no number, but \(text)") }
        return number
    }

    // MARK: - Processes

    /// Starts the pool and waits until it serves.
    func serve() throws {
        let limit = try options.descriptors.map { [try Program.tool("prlimit"), "--nofile=\($0)"] } ?? []
        let command =
            limit + [
                program, "serve", "--data", directory, "--workers", "\(options.workers)",
                "--threads", "\(options.threads)",
            ]
        let process = try RunningProcess(
            command[0],
            Array(command.dropFirst()),
            environment: options.settings,
            log: eventLog
        )
        supervisor = process
        try eventually("gatehouse serves") {
            guard process.isRunning else { throw Failure("gatehouse ended while it started") }
            return try attempt(["status"]).succeeded
        }
    }

    /// Starts nginx and waits until it listens.
    func startNginx() throws {
        try Command.succeed(
            "\(Program.root)/scripts/nginx-site",
            [
                "--data", directory, "--workers", "1", "--listen", "unix:\(directory)/run/tls.sock",
                "--plain-listen", "unix:\(plainSocket)",
            ] + options.nginx
        )
        for edit in options.nginxEdits {
            let file = "\(directory)/nginx/\(edit.file)"
            let parts = String(decoding: try Files.read(file), as: UTF8.self).split(
                separator: edit.text,
                omittingEmptySubsequences: false
            )
            guard parts.count > 1 else { throw Failure("\(edit.file) does not say \(edit.text)") }
            try Files.replace(file, with: Array(parts.joined(separator: edit.replacement).utf8), permissions: 0o644)
        }
        let log = "\(directory)/log/nginx-start.log"
        let arguments = ["-e", log, "-c", "\(directory)/nginx/nginx.conf"]
        let process = try RunningProcess(try Program.tool("nginx"), arguments, log: log)
        nginx = process
        try eventually("nginx listens") {
            guard process.isRunning else {
                throw Failure("nginx ended while it started: \(String(decoding: try Files.read(log), as: UTF8.self))")
            }
            return (try? Sockets.connect(path: plainSocket)) != nil
        }
    }

    /// The process that was started last; there is one wherever a test asks.
    func runningSupervisor() throws -> RunningProcess {
        guard let supervisor else { throw Failure("no supervisor was started") }
        return supervisor
    }

    /// A worker, as `gatehouse status` shows it.
    struct Worker: Hashable {
        let slot: Int
        let generation: Int
        let pid: Int32
        let phase: String
    }

    /// All workers that live.
    func workers() throws -> [Worker] {
        let status = try attempt(["status"])
        // While none is ready the same lines come as an error.
        return (status.text + status.errors).split(separator: "\n").compactMap { line in
            // worker 0  generation 1  pid 4242  ready
            let words = line.split(separator: " ")
            guard words.count == 7, words[0] == "worker", let slot = Int(words[1]), let generation = Int(words[3]),
                let pid = Int32(words[5])
            else { return nil }
            return Worker(slot: slot, generation: generation, pid: pid, phase: String(words[6]))
        }
    }

    /// The connections to the application: those that it has accepted, and those that wait for that.
    func applicationConnections() throws -> (accepted: Int, waiting: Int) {
        let table = String(decoding: try Files.read("/proc/net/unix"), as: UTF8.self)
        // Num RefCount Protocol Flags Type St Inode Path, where the path is the one of the listener.
        let states = table.split(separator: "\n").map { $0.split(separator: " ") }
            .filter { $0.count == 8 && $0[7].hasPrefix(applicationSocket) }.map { $0[5] }
        return (states.count { $0 == "03" }, states.count { $0 == "02" })
    }

    // MARK: - Requests

    /// Sends one request without TLS, on a connection of its own.
    func send(_ request: HTTPRequest) throws -> HTTPResponse {
        try HTTPConnection(plainSocket).send(request)
    }

    /// Signs in and gives the token.
    func signIn(_ email: String = administratorEmail, _ password: String = administratorPassword) throws -> String {
        let response = try send(HTTPRequest("POST", "/api/sessions", json: Self.credentials(email, password)))
        guard response.status == 201, let token = try response.json()["data"]?["token"]?.string else {
            throw Failure("signing in was answered with \(response.status): \(response.text)")
        }
        return token
    }

    static func credentials(_ email: String, _ password: String) -> String {
        #"{"email":"\#(email)","password":"\#(password)"}"#
    }

    /// Creates an account as an administrator and gives its id.
    func createUser(_ email: String, password: String? = nil, as token: String) throws -> String {
        let secret = password.map { #","password":"\#($0)""# } ?? ""
        let body = #"{"email":"\#(email)","name":"Somebody"\#(secret)}"#
        let response = try send(HTTPRequest("POST", "/api/users", token: token, json: body))
        guard response.status == 201, let id = try response.json()["data"]?["id"]?.string else {
            throw Failure("creating \(email) was answered with \(response.status): \(response.text)")
        }
        return id
    }

    /// How many accounts there are, by the list.
    func total(as token: String) throws -> Int {
        let response = try send(HTTPRequest("GET", "/api/users?per_page=1", token: token))
        guard let total = try response.json()["meta"]?["total"]?.integer else {
            throw Failure("the list was answered with \(response.status): \(response.text)")
        }
        return Int(total)
    }

    /// Those of the accounts that cannot be read.
    func missing(of ids: [String], as token: String) throws -> [String] {
        let client = HTTPClient(plainSocket)
        return try ids.filter { try client.send(HTTPRequest("GET", "/api/users/\($0)", token: token)).status != 200 }
    }
}
