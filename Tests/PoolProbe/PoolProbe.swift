internal import FastCGI
internal import Linux
internal import Logging
internal import Observability
internal import SharedMemory
internal import Synchronization
internal import WorkerPool

/// A pool of workers whose behaviour a file decides, for tests of the supervisor with real processes.
///
/// `serve DIR` is the supervisor, `check DIR` its configuration check, `worker DIR` one of its workers, `companion DIR`
/// their companion. The file `plan` in DIR holds words: `workers=N`, `refuse`, `hang-check`, `fail`, `hang-start`,
/// `boot=MS`, `shutdown=MS`, `reopening-fails`, `reopening-hangs`, `status` for a pool with a status socket, `companion` for a
/// pool that has one, `companion-fails`, `companion-hangs` at its end, `counts-crashes` for workers that refuse what two of
/// them have died of; `wrong`, `die-on-trial`, `hang-on-trial` for a worker that does not stand its trial; `probation=MS`,
/// `deaths=N`, `faults=N`; `no-successor` for a supervisor that cannot follow another.
@main
struct PoolProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { ThisProcess.exitImmediately(64) }
        let directory = arguments[2]
        switch arguments[1] {
        case "serve": serve(directory)
        case "check": check(directory)
        case "worker": work(directory)
        case "companion": accompany()
        default: ThisProcess.exitImmediately(64)
        }
    }

    private static func log(_ name: String) -> Logger {
        Logger(label: name) { EventLogHandler(process: $0) }
    }

    // MARK: - Supervisor

    private static func serve(_ directory: String) -> Never {
        SignalDescriptor.blockAll()
        let program = PoolProgram(
            name: "pool-probe",
            configurationArguments: ["check", directory],
            workerArguments: ["worker", directory],
            companionArguments: Plan(reading: directory).has("companion") ? ["companion", directory] : [],
            trial: TrialRequest(
                parameters: [("REQUEST_URI", "/trial")],
                accepts: { !$0.isEmpty && $0 != Array("wrong".utf8) }
            )
        )
        do {
            let succession = try Succession(environment: ThisProcess.environment())
            if case .reader? = succession?.heir {
                ThisProcess.exitImmediately(Plan(reading: directory).has("no-successor") ? 5 : 0)
            }
            let commands = "\(directory)/command.sock"
            let systemd = NotifySocket(environment: ThisProcess.environment())
            let supervisor = try Supervisor(
                program: program,
                commandPath: commands,
                succession: succession,
                activity: Plan(reading: directory).has("counts-crashes") ? try activity(of: directory) : nil,
                log: log("supervisor"),
                observer: systemd.map(SystemdObserver.init)
            )
            if let failure = supervisor.run() {
                StandardError.writeLine("ended: \(failure.reason) (\(failure.checkStatus))")
                ThisProcess.exitImmediately(1)
            }
        } catch {
            StandardError.writeLine("not started: \(error)")
            ThisProcess.exitImmediately(2)
        }
        ThisProcess.exitImmediately(0)
    }

    private static func check(_ directory: String) -> Never {
        let plan = Plan(reading: directory)
        if plan.has("hang-check") { hang() }
        if plan.has("refuse") {
            StandardError.writeLine("the plan says so")
            ThisProcess.exitImmediately(1)
        }
        let settings = PoolSettings(
            workers: plan.number("workers") ?? 1,
            listen: .unix(path: "\(directory)/fcgi.sock", group: nil),
            statusListen: plan.has("status") ? .unix(path: "\(directory)/status.sock", group: nil) : nil,
            backlog: 128,
            bootTimeout: Int64(plan.number("boot") ?? 10_000) * 1_000_000,
            shutdownTimeout: Int64(plan.number("shutdown") ?? 10_000) * 1_000_000,
            probation: PoolSettings.Probation(
                time: Int64(plan.number("probation") ?? 0) * 1_000_000,
                deaths: plan.number("deaths") ?? 1,
                faults: plan.number("faults") ?? 1
            )
        )
        // Whoever reads the words of the plan finds them here too; the supervisor passes over them.
        let document = Array("{\"pool\":".utf8) + settings.json() + Array(",\"plan\":\"\(plan.text)\"}".utf8)
        try? FileDescriptor(owning: 1).writeAll(document)
        ThisProcess.exitImmediately(0)
    }

    // MARK: - Worker

    private static func work(_ directory: String) -> Never {
        SignalDescriptor.blockAll()
        let control = FileDescriptor(owning: 3)
        do {
            try FastCGILibrary.initialize()
            let plan = Plan(String(decoding: try FileDescriptor(owning: 4).readAll(limit: 1 << 20), as: UTF8.self))
            if plan.has("hang-start") { hang() }
            let worker = try Worker(
                options: WorkerOptions(
                    threads: 2,
                    requestTimeout: 30_000_000_000,
                    shutdownTimeout: Int64(plan.number("shutdown") ?? 10_000) * 1_000_000,
                    wear: WearLimits(requests: plan.number("requests")),
                    reunion: Reunion(
                        commandPath: "\(directory)/command.sock",
                        generation: option("--generation"),
                        slot: option("--slot"),
                        patience: Int64(plan.number("patience") ?? 60_000) * 1_000_000
                    ),
                    peers: try AllowedPeers()
                ),
                listener: FileDescriptor(owning: 0),
                control: try control.duplicate(),
                statusListener: Sockets.isListening(1) ? FileDescriptor(owning: 1) : nil,
                program: ProbeProgram(
                    plan: plan,
                    activity: plan.has("counts-crashes") ? try activity(of: directory) : nil
                ),
                log: log("worker")
            )
            try worker.run()
        } catch {
            Worker.report(failure: "\(error)", to: control)
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    /// What the threads of the pool do, in a segment whose file stands in the directory.
    private static func activity(of directory: String) throws -> PoolActivity {
        var layout = SegmentLayout(version: 1)
        let parts = try PoolActivity.Parts(in: &layout)
        let name = try SegmentName(program: "pool-probe", directory: directory, in: directory)
        return try PoolActivity(try SharedSegment.open(name, layout: layout), parts)
    }

    private static func option(_ name: String) -> Int {
        let arguments = CommandLine.arguments
        return arguments.firstIndex(of: name).flatMap { Int(arguments[$0 + 1]) } ?? 0
    }

    // MARK: - Companion

    private static func accompany() -> Never {
        SignalDescriptor.blockAll()
        let control = FileDescriptor(owning: 3)
        do {
            let plan = Plan(String(decoding: try FileDescriptor(owning: 4).readAll(limit: 1 << 20), as: UTF8.self))
            if plan.has("companion-fails") { throw PlannedFailure() }
            let log = log("companion")
            let tasks = PeriodicTasks(
                [],
                last: {
                    if plan.has("companion-hangs") { hang() }
                    log.info("the last task is done")
                },
                log: log
            )
            try Companion(control: try control.duplicate(), log: log).run(tasks)
        } catch {
            Worker.report(failure: "\(error)", to: control)
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    private struct PlannedFailure: Error, CustomStringConvertible {
        let description = "the plan says so"
    }

    private static func hang() -> Never {
        while true { _ = Semaphore(permits: 0).wait(nanoseconds: .max) }
    }
}

/// The words of the plan.
private struct Plan: Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    init(reading directory: String) {
        let bytes = try? Files.read("\(directory)/plan")
        text = String(decoding: bytes ?? [], as: UTF8.self)
    }

    private var words: [Substring] { text.split { " \n\"}".contains($0) } }

    func has(_ word: String) -> Bool { words.contains { $0 == word } }

    func number(_ name: String) -> Int? {
        words.first { $0.hasPrefix("\(name)=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}

/// Answers with the process's id, and to some paths in other ways.
///
/// `/fault` counts as one, `/echo` with the body, `/hang` never answers, `/slow` after a second, `/exit` ends the process, and `/orphan` does so and
/// leaves a child behind that holds the control connection. `/poison` lets the process crash, unless two crashed under the
/// same request, and `/killed` has it killed as somebody outside would; `/api/web` is an answer for a web server.
private struct ProbeProgram: WorkerProgram {
    struct Refusal: Error, CustomStringConvertible {
        let description = "the plan says so"
    }

    let plan: Plan
    let activity: PoolActivity?
    private let faultCount = FaultCount()

    init(plan: Plan, activity: PoolActivity?) {
        self.plan = plan
        self.activity = activity
    }

    var faults: Int { faultCount.value.load(ordering: .relaxed) }

    func makeHandler() throws -> RequestHandler {
        if plan.has("fail") { throw Refusal() }
        let thread = try activity?.claim()
        let faultCount = faultCount
        return RequestHandler { request, _ in
            request.withParameter("REQUEST_ID") { (id: Span<UInt8>?) in thread?.serves(requestID: id) }
            defer { thread?.served() }
            let uri = request.withParameter("REQUEST_URI") { (value: Span<UInt8>?) -> String in
                guard let value else { return "-" }
                return String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
            }
            switch uri {
            case "/trial" where plan.has("wrong"): return request.write(Array("wrong".utf8))
            case "/trial" where plan.has("die-on-trial"): ThisProcess.exitImmediately(3)
            case "/trial" where plan.has("hang-on-trial"): _ = Semaphore(permits: 0).wait(nanoseconds: .max)
            case "/fault": faultCount.value.add(1, ordering: .relaxed)
            case "/exit": ThisProcess.exitImmediately(3)
            case "/orphan":
                let sleep = ["sleep", "10"]
                _ = try? ChildProcess.spawn(
                    path: "/bin/sleep",
                    arguments: sleep,
                    environment: [],
                    descriptors: [nil, nil, nil, 3]
                )
                ThisProcess.exitImmediately(3)
            case "/poison", "/api/poison":
                if (thread?.crashes ?? 0) < 2 { fatalError("poison") }
                let refusal = "Status: 500 Internal Server Error\r\nContent-Length: 7\r\n\r\nrefused"
                return request.write(Array(refusal.utf8))
            case "/killed":
                if (thread?.crashes ?? 0) < 2 { ChildProcess.send(.kill, to: ThisProcess.id) }
                return request.write(Array("refused".utf8))
            case "/api/web": return request.write(Array("Content-Length: 4\r\n\r\nhere".utf8))
            case "/hang": _ = Semaphore(permits: 0).wait(nanoseconds: .max)
            case "/echo":
                let body = try? request.withBody(limit: 1 << 22) { body in body.indices.map { body[$0] } }
                return request.write(body ?? Array("no body".utf8))
            case "/slow": _ = Semaphore(permits: 0).wait(nanoseconds: 1_000_000_000)
            default: break
            }
            request.write(Array("\(ThisProcess.id)".utf8))
        }
    }

    func makeHousekeeping() throws -> any Housekeeping { ProbeHousekeeping(plan: plan) }

    func makeStatusResponder(_ pool: WorkerView) throws -> ((BufferedRequest) -> [UInt8])? {
        { _ in Array("status".utf8) }
    }

    private final class FaultCount: Sendable {
        let value = Atomic(0)
    }

    private struct ProbeHousekeeping: Housekeeping {
        let plan: Plan

        func tick() {}

        func reopenLogs() throws {
            if plan.has("reopening-fails") { throw Refusal() }
            if plan.has("reopening-hangs") { _ = Semaphore(permits: 0).wait(nanoseconds: .max) }
        }

        func finish() {}
    }
}
