import FastCGITestSupport
import Linux
import LinuxTestSupport
import Testing
import WorkerPool

@Suite(.timeLimit(.minutes(10)))
struct SupervisorTests {
    private let second: Int64 = 1_000_000_000

    private func request(_ uri: String, keep: Bool = true) -> [UInt8] {
        FastCGIRecord.request([("REQUEST_URI", uri)], keep: keep)
    }

    // MARK: - Start and stop

    @Test func `a pool serves, tells its status, and stops`() throws {
        let pool = try RunningPool.serving(plan: "workers=2")
        #expect(try pool.ask() != nil)
        let status = try pool.command("status")
        #expect(status.hasPrefix("ok: generation 1 serves with 2 workers\n"))
        #expect(status.split(separator: "\n").count == 3)
        #expect(try pool.command("dance").hasPrefix("error: "))
        #expect(try pool.command("").hasPrefix("error: "))
        #expect(try pool.directory.permissions(of: "command.sock") == "600")
        #expect(try pool.directory.permissions(of: "fcgi.sock") == "660")
        #expect(try pool.command("stop") == "ok: stopping\n")
        #expect(try pool.end() == .exited(0))
        #expect(!Files.exists(pool.directory.file("command.sock")))
        try pool.waitUntilGone("worker")
    }

    @Test func `a configuration that is refused ends the start with its reason`() throws {
        let pool = try RunningPool(plan: "refuse")
        try pool.wait(for: "ended: the plan says so (1)\n")
        #expect(try pool.end() == .exited(1))
    }

    @Test func `workers that cannot start end the start with their reason`() throws {
        let pool = try RunningPool(plan: "fail workers=3")
        try pool.wait(for: "ended: the plan says so (0)\n")
        #expect(try pool.end() == .exited(1))
        try pool.waitUntilGone("worker")
    }

    @Test func `workers that hang end the start`() throws {
        let pool = try RunningPool(plan: "hang-start boot=300 workers=2")
        try pool.wait(for: "ended: a new worker was not ready within 300 ms (0)\n")
        #expect(try pool.end() == .exited(1))
        try pool.waitUntilGone("worker")
    }

    @Test(arguments: [Signal.terminate, .quit, .interrupt])
    func `a signal during a check that hangs ends the pool and the check`(signal: Signal) throws {
        let pool = try RunningPool(plan: "hang-check")
        // The answer tells that the supervisor runs; the check has been started by then.
        while true {
            do throws(SystemError) {
                _ = try CommandSocket.send("status", to: pool.directory.file("command.sock"))
                break
            } catch {
                try #require(error.isMissing || error.isRefused)
            }
        }
        pool.send(signal)
        #expect(try pool.end() == .exited(0))
        try pool.waitUntilGone("check")
    }

    @Test func `a stop waits for what runs, and no longer than the shutdown timeout`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 shutdown=2500")
        let slow = try pool.connect()
        try slow.send(request("/slow"))
        // Connections are accepted in their order: an answer to a later one tells that this one was.
        #expect(try pool.ask() != nil)
        let hanging = try pool.connect()
        try hanging.send(request("/hang"))
        let began = SystemClock.monotonicNanoseconds()
        pool.send(.terminate)
        #expect(try slow.receive() != nil)
        #expect(try pool.end() == .exited(0))
        #expect(SystemClock.monotonicNanoseconds() - began < 20 * second)
        #expect(try hanging.isClosed())
    }

    @Test func `INT ends the pool at once, with requests that hang`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 shutdown=60000")
        let hanging = try pool.connect()
        try hanging.send(request("/hang"))
        pool.send(.interrupt)
        #expect(try pool.end() == .exited(0))
        #expect(try hanging.isClosed())
        try pool.waitUntilGone("worker")
    }

    @Test func `a second stop ends a drain that takes long`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 shutdown=60000")
        let hanging = try pool.connect()
        try hanging.send(request("/hang"))
        #expect(try pool.ask() != nil)
        #expect(try pool.command("stop") == "ok: stopping\n")
        #expect(try pool.command("reload") == "error: the pool is stopping\n")
        _ = try? pool.command("stop")
        #expect(try pool.end() == .exited(0))
    }

    // MARK: - Reload

    @Test func `a reload brings other workers, and other ones of them`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let old = try #require(try pool.ask())
        try pool.plan("workers=2")
        #expect(try pool.command("reload") == "ok: generation 2 serves with 2 workers\n")
        try pool.waitUntilEnded(old)
        for _ in 0..<10 { #expect(try pool.ask() != old) }
        try pool.plan("workers=1")
        pool.send(.hangUp)
        try pool.wait(for: #""generation":"3""#)
        #expect(try pool.command("status").hasPrefix("ok: generation 3 serves with 1 worker\n"))
    }

    @Test(arguments: [
        ("refuse", "the plan says so"), ("fail", "the plan says so"),
        ("hang-start boot=300", "a new worker was not ready within 300 ms"),
        ("hang-on-trial boot=300", "a new worker was not ready within 300 ms"),
        ("wrong", "a new worker answered the request that it was tried with by \"wrong\""),
    ])
    func `a reload that fails changes nothing and says why`(plan: String, reason: String) throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let old = try #require(try pool.ask())
        try pool.plan(plan)
        let answer = try pool.command("reload")
        #expect(answer == "error: the reload failed and generation 1 serves on: \(reason)\n")
        #expect(try pool.ask() == old)
        #expect(try pool.command("status").contains("degraded: the last reload failed: \(reason)"))
        try pool.plan("workers=1")
        #expect(try pool.command("reload").hasPrefix("ok: "))
        try pool.waitForAnother(than: old)
    }

    @Test func `a reload whose workers die of their trial changes nothing`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let old = try #require(try pool.ask())
        try pool.plan("workers=2 die-on-trial")
        // The end of the process or that of the connection, whichever is seen first.
        #expect(
            try pool.command("reload").hasPrefix("error: the reload failed and generation 1 serves on: a new worker ")
        )
        #expect(try pool.ask() == old)
    }

    @Test func `a reload lets a request of the old generation end`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let slow = try pool.connect()
        try slow.send(request("/slow"))
        let old = try #require(try pool.ask())
        #expect(try pool.command("reload").hasPrefix("ok: "))
        try pool.waitForAnother(than: old)
        #expect(try slow.receive()?.text == "\(old)")
    }

    @Test func `a reload leaves no connection waiting that comes while workers drain`() throws {
        let pool = try RunningPool.serving(plan: "workers=2")
        var longest: Int64 = 0
        for _ in 0..<100 {
            #expect(try pool.command("reload").hasPrefix("ok: "))
            // One at a time, so that no later connection wakes a worker for an earlier one.
            for _ in 0..<5 {
                let began = SystemClock.monotonicNanoseconds()
                #expect(try pool.ask() != nil)
                longest = max(longest, SystemClock.monotonicNanoseconds() - began)
            }
        }
        #expect(longest < 5 * second)
    }

    @Test func `reloads that come at once are all answered, and the last one by what was on disk when it came`() throws
    {
        let pool = try RunningPool.serving(plan: "workers=1")
        let first = try FastCGIClient(path: pool.directory.file("command.sock"))
        try first.send(Array("reload\n".utf8))
        try pool.plan("workers=3")
        #expect(try pool.command("reload").hasSuffix("serves with 3 workers\n"))
        #expect(try pool.command("status").hasPrefix("ok: generation 3 "))
    }

    // MARK: - Upgrade

    @Test func `an upgrade keeps process, workers and sockets, and the new supervisor goes on`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 companion")
        _ = try waitForCompanion(of: pool)
        for generation in 2...4 {
            let answer = "ok: generation \(generation) serves with 2 workers, and the supervisor is of its program\n"
            #expect(try pool.command("upgrade") == answer)
            try pool.wait(for: "the supervisor has replaced itself")
            #expect(try pool.ask() != nil)
        }
        let old = try #require(try pool.ask())
        ChildProcess.send(.kill, to: old)
        try pool.wait(for: "worker died")
        #expect(try pool.ask() != old)
        pool.send(.user2)
        try pool.wait(for: "the supervisor has replaced itself")
        #expect(try pool.command("status").hasPrefix("ok: generation 5 serves with 2 workers\n"))
        #expect(try waitForCompanion(of: pool).0 == "5")
        #expect(try pool.command("reload") == "ok: generation 6 serves with 2 workers\n")
        #expect(try pool.command("stop") == "ok: stopping\n")
        #expect(try pool.end() == .exited(0))
        try pool.waitUntilGone("worker")
        try pool.waitUntilGone("companion")
    }

    @Test func `an upgrade lets a request of the old workers end`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let slow = try pool.connect()
        try slow.send(request("/slow"))
        let old = try #require(try pool.ask())
        #expect(try pool.command("upgrade").hasPrefix("ok: "))
        #expect(try slow.receive()?.text == "\(old)")
        try pool.waitUntilEnded(old)
        #expect(try pool.command("status").split(separator: "\n").count == 2)
    }

    @Test func `a program that cannot go on from the present one does not take its place`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        try pool.plan("workers=2 no-successor")
        let answer = try pool.command("upgrade")
        #expect(answer.hasPrefix("error: generation 2 serves, but the supervisor is of the program before: "))
        #expect(answer.contains("status 5"))
        #expect(try pool.command("status").contains("degraded: the supervisor is of the program before: "))
        #expect(try pool.ask() != nil)
        try pool.plan("workers=1")
        #expect(try pool.command("upgrade").hasPrefix("ok: generation 3 "))
        #expect(try !pool.command("status").contains("degraded"))
    }

    @Test func `what was watched and what was good survive an upgrade`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        try pool.plan("workers=1 probation=60000 deaths=0")
        #expect(try pool.command("upgrade").hasPrefix("ok: generation 2"))
        try pool.waitUntilGone(generation: 1)
        while try pool.ask("/exit") != nil {}
        try pool.wait(for: "generation is taken back")
        try pool.wait(for: #""generation":"3""#)
        #expect(try pool.command("status").contains("degraded: generation 2 was taken back: 1 of its workers died"))
    }

    // MARK: - The watch

    @Test func `workers that die after a reload bring back what served before, also where its files are gone`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 good")
        try pool.plan("workers=2 probation=60000 deaths=1")
        #expect(try pool.command("reload").hasPrefix("ok: generation 2"))
        try pool.waitUntilGone(generation: 1)
        try pool.plan("refuse")
        for _ in 0..<2 {
            while try pool.ask("/exit") != nil {}
            try pool.wait(for: "worker died")
        }
        try pool.wait(for: "generation is taken back")
        try pool.wait(for: #""generation":"3""#)
        let status = try pool.command("status")
        #expect(status.hasPrefix("ok: generation 3 serves with 2 workers\n"))
        #expect(status.contains("degraded: generation 2 was taken back: 2 of its workers died within 60 s\n"))
        #expect(try pool.ask() != nil)
    }

    @Test func `answers with faults after a reload bring back what served before`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        for _ in 0..<5 { _ = try pool.ask("/fault") }
        try pool.plan("workers=1 probation=60000 faults=2")
        #expect(try pool.command("reload").hasPrefix("ok: generation 2"))
        // Until then a worker of before may take a request, whose fault does not count.
        try pool.waitUntilGone(generation: 1)
        for _ in 0..<3 { _ = try pool.ask("/fault") }
        try pool.wait(for: "generation is taken back")
        try pool.wait(for: #""generation":"3""#)
        #expect(try pool.command("status").contains("it answered 3 requests with a fault within 60 s"))
    }

    // MARK: - The number of workers

    private func workers(of pool: RunningPool) throws -> [String] {
        try pool.command("status").split(separator: "\n").filter { $0.hasPrefix("worker ") }.map(String.init)
    }

    private func wait(_ pool: RunningPool, until isSo: ([String]) -> Bool) throws {
        let deadline = SystemClock.monotonicNanoseconds() + 20 * second
        while !isSo(try workers(of: pool)) {
            try #require(SystemClock.monotonicNanoseconds() < deadline)
            _ = Semaphore(permits: 0).wait(nanoseconds: 5_000_000)
        }
    }

    @Test func `TTIN and TTOU and their commands change the number of workers`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        #expect(try pool.command("workers add") == "ok: the pool is to have 2 workers\n")
        pool.send(.terminalInput)
        try wait(pool) { $0.count == 3 && $0.allSatisfy { $0.hasSuffix("ready") } }
        pool.send(.terminalOutput)
        try wait(pool) { $0.count == 2 }
        #expect(try pool.command("workers remove") == "ok: the pool is to have 1 worker\n")
        try wait(pool) { $0.count == 1 }
        #expect(try pool.command("workers remove").hasPrefix("error: the pool has 1 worker"))
        #expect(try pool.ask() != nil)
        #expect(try pool.command("reload") == "ok: generation 2 serves with 1 worker\n")
    }

    @Test func `WINCH drains the workers, requests wait, and one worker answers them all`() throws {
        let pool = try RunningPool.serving(plan: "workers=2")
        pool.send(.windowChange)
        try wait(pool) { $0.isEmpty }
        #expect(try pool.command("status").hasPrefix("error: the workers were drained"))
        let waiting = try (0..<5).map { _ in try pool.connect() }
        for client in waiting { try client.send(request("/")) }
        #expect(try pool.command("workers add") == "ok: the pool is to have 1 worker\n")
        for client in waiting { #expect(try client.receive() != nil) }
        #expect(try pool.command("workers drain").hasPrefix("ok: "))
        try wait(pool) { $0.isEmpty }
        #expect(try pool.command("reload") == "ok: generation 2 serves with 2 workers\n")
        #expect(try pool.ask() != nil)
    }

    @Test func `a quick stop cuts off what runs`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 shutdown=60000")
        let hanging = try pool.connect()
        try hanging.send(request("/hang"))
        #expect(try pool.command("stop quick") == "ok: stopping at once\n")
        #expect(try pool.end() == .exited(0))
        #expect(try hanging.isClosed())
    }

    // MARK: - Deaths

    @Test func `a killed worker is replaced`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let old = try #require(try pool.ask())
        ChildProcess.send(.kill, to: old)
        try pool.wait(for: "worker died")
        // The connection waits in the listening socket until somebody accepts it.
        let new = try #require(try pool.ask())
        #expect(new != old)
    }

    @Test func `a worker that ends in a request is replaced`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        #expect(try pool.ask("/exit") == nil)
        try pool.wait(for: "exited with status 3")
        #expect(try pool.ask() != nil)
    }

    @Test func `a dead worker whose end of the control connection is still open holds nobody up`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let began = SystemClock.monotonicNanoseconds()
        #expect(try pool.ask("/orphan") == nil)
        #expect(try pool.ask() != nil)
        #expect(try pool.command("status").hasPrefix("ok: "))
        // The child that it leaves behind lives for ten seconds.
        #expect(SystemClock.monotonicNanoseconds() - began < 8 * second)
    }

    // MARK: - Without a supervisor

    @Test func `workers whose supervisor was killed serve on, and the next one takes them and the socket over`() throws
    {
        let pool = try RunningPool.serving(plan: "workers=2 status")
        let slow = try pool.connect()
        try slow.send(request("/slow"))
        let kept = try pool.connect()
        let old = try #require(try kept.exchange(request("/"))?.text)
        pool.send(.kill)
        // Nobody has waited for it yet.
        try pool.wait(for: "the supervisor has gone")
        #expect(try kept.exchange(request("/"))?.text == old)
        #expect(try pool.ask() != nil)
        let next = try RunningPool(plan: "workers=1 status", in: pool.directory)
        try next.wait(for: "worker is taken over")
        try next.wait(for: "serving")
        #expect(try slow.receive() != nil)
        let deadline = SystemClock.monotonicNanoseconds() + 20 * second
        while try kept.exchange(request("/"))?.text == old {
            try #require(SystemClock.monotonicNanoseconds() < deadline)
        }
        try wait(next) { $0.count == 1 }
        #expect(!kept.isTold)
        let status = try FastCGIClient(path: pool.directory.file("status.sock"))
        #expect(try status.exchange(FastCGIRecord.request(keep: false))?.text == "status")
        next.send(.terminate)
        #expect(try next.end() == .exited(0))
        try next.waitUntilGone("worker")
        #expect(try pool.end() == .killed(signal: 9))
    }

    @Test func `workers for whom no other supervisor comes end after a time`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 patience=300")
        pool.send(.kill)
        #expect(try pool.end() == .killed(signal: 9))
        try pool.waitUntilGone("worker")
    }

    @Test func `a supervisor that cannot start leaves the workers that it took over to the next`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let old = try #require(try pool.ask())
        pool.send(.kill)
        #expect(try pool.end() == .killed(signal: 9))
        let broken = try RunningPool(plan: "hang-start boot=1500", in: pool.directory)
        #expect(try broken.end() == .exited(1))
        #expect(try pool.ask() == old)
        let next = try RunningPool(plan: "workers=1", in: pool.directory)
        try next.wait(for: "serving")
        try next.waitUntilEnded(old)
        #expect(try next.ask() != nil)
    }

    // MARK: - Recycling

    @Test func `worn workers are replaced one by one, and kept connections go on`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 requests=20")
        let clients = try (0..<6).map { _ in try pool.connect() }
        var seen: Set<String> = []
        let deadline = SystemClock.monotonicNanoseconds() + 60 * second
        while seen.count < 6 {
            try #require(SystemClock.monotonicNanoseconds() < deadline)
            for client in clients {
                seen.insert(try #require(try client.exchange(request("/"))?.text))
                #expect(!client.isTold)
            }
        }
        try pool.wait(for: "worker is replaced")
    }

    // MARK: - What disturbs

    @Test func `a peer of the command socket that says nothing holds nobody up, and is turned away`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let silent = try (0..<10).map { _ in try FastCGIClient(path: pool.directory.file("command.sock")) }
        let began = SystemClock.monotonicNanoseconds()
        #expect(try pool.command("status").hasPrefix("ok: "))
        #expect(SystemClock.monotonicNanoseconds() - began < second)
        for client in silent { #expect(try client.isClosed()) }
    }

    /// Stops a process, all threads of it, until the end of `body`.
    private func whileStopped(_ process: Int32, _ body: () throws -> Void) throws {
        defer { _ = try? Shell.run("kill -CONT \(process)") }
        let states = "grep -h '^State:' /proc/\(process)/task/*/status"
        #expect(
            try Shell.run("kill -STOP \(process); while \(states) | grep -qv stopped; do sleep 0.01; done").end
                == .exited(0)
        )
        try body()
    }

    @Test func `a supervisor that was stopped keeps nobody from being served, and goes on where it was`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let worker = try #require(try pool.ask())
        try whileStopped(pool.supervisor) {
            pool.send(.hangUp)
            for _ in 0..<10 {
                let answer = try pool.ask()
                #expect(answer == worker)
            }
        }
        try pool.waitForAnother(than: worker)
        #expect(try pool.command("status").contains("ok: generation 2 serves with 1 worker\n"))
    }

    @Test func `a worker that was stopped leaves new connections to the others, and is replaced after a while`() throws
    {
        let pool = try RunningPool.serving(plan: "workers=2")
        let stopped = try #require(try pool.ask())
        try whileStopped(stopped) {
            for _ in 0..<50 {
                let worker = try pool.ask()
                #expect(worker != nil && worker != stopped)
            }
            try pool.wait(for: "worker is silent")
            try pool.wait(for: "worker died")
            try pool.waitUntilEnded(stopped)
        }
    }

    @Test func `a supervisor that inherits an ignored SIGCHLD hears of its children all the same`() throws {
        let pool = try RunningPool.serving(plan: "workers=1", shell: "trap '' CHLD")
        let old = try #require(try pool.ask())
        ChildProcess.send(.kill, to: old)
        #expect(try pool.ask() != nil)
    }

    @Test func `what the supervisor inherited is kept from the workers`() throws {
        let pool = try RunningPool.serving(plan: "workers=1", shell: "exec 9</etc/passwd")
        let worker = try #require(try pool.ask())
        let inherited = try Shell.run("ls -l /proc/\(pool.supervisor)/fd /proc/\(worker)/fd").output
        #expect(inherited.split(separator: "\n").count { $0.hasSuffix("/etc/passwd") } == 1)
    }

    @Test func `a worker without descriptors serves those it has, and the others later`() throws {
        let pool = try RunningPool.serving(plan: "workers=1", shell: "ulimit -n 80")
        let kept = try pool.connect()
        let worker = try kept.exchange(request("/"))?.text
        #expect(worker != nil)
        var crowd: [FastCGIClient] = []
        for _ in 0..<100 { crowd.append(try pool.connect()) }
        try pool.wait(for: "no descriptor")
        #expect(try kept.exchange(request("/"))?.text == worker)
        for client in crowd { client.close() }
        #expect(try pool.ask().map { "\($0)" } == worker)
    }

    @Test func `descriptors that run out while connections are handed over lose no request`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 shutdown=120000")
        let clients = try (0..<100).map { _ in try pool.connect() }
        let old = try #require(try clients[0].exchange(request("/"))?.text)
        for client in clients { #expect(try client.exchange(request("/"))?.text == old) }
        // The new worker inherits it: no batch of connections fits until some have ended.
        #expect(try Shell.run("prlimit --pid \(pool.supervisor) --nofile=64:64").end == .exited(0))
        #expect(try pool.command("reload").hasPrefix("ok: "))
        try pool.waitForAnother(than: try #require(Int32(old)))
        #expect(try clients[0].exchange(request("/"))?.text == old)
        for client in clients.dropFirst() { #expect(try client.exchange(request("/")) != nil) }
        for client in clients { client.close() }
        try pool.waitUntilEnded(try #require(Int32(old)))
        #expect(try pool.ask() != nil)
    }

    // MARK: - Logs

    @Test func `logs are open anew when all processes have been told and all workers have said so`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 companion")
        try pool.wait(for: "\"process\":\"companion\"")
        #expect(try pool.command("reopen-logs") == "ok: all logs are open anew\n")
        for _ in 0..<3 { try pool.wait(for: "logs are open anew") }
        pool.send(.user1)
        for _ in 0..<3 { try pool.wait(for: "logs are open anew") }
        #expect(try pool.command("status").hasPrefix("ok: generation 1 serves with 2 workers\n"))
    }

    @Test func `a worker that cannot open its logs anew is told with its reason, and serves on`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 reopening-fails")
        let answer = try pool.command("reopen-logs")
        #expect(answer.hasPrefix("error: not all logs could be opened anew: worker "))
        #expect(answer.hasSuffix(": the plan says so\n"))
        #expect(try pool.ask() != nil)
    }

    @Test func `a worker that does not answer is not waited for without end, nor one that dies meanwhile`() throws {
        let pool = try RunningPool.serving(plan: "workers=1 reopening-hangs")
        #expect(try pool.command("reopen-logs").hasSuffix(": did not answer\n"))
        #expect(try pool.ask() != nil)
        _ = try pool.ask("/exit")
        #expect(try pool.command("stop") == "ok: stopping\n")
    }

    // MARK: - The companion

    /// The companion's line of the status: generation and process.
    private func companion(of pool: RunningPool) throws -> (generation: String, pid: Int32)? {
        let line = try pool.command("status").split(separator: "\n").first { $0.hasPrefix("companion ") }
        guard let words = line?.split(separator: " "), words.count == 6, words[5] == "ready", let pid = Int32(words[4])
        else { return nil }
        return (String(words[2]), pid)
    }

    private func waitForCompanion(of pool: RunningPool, otherThan old: Int32 = 0) throws -> (String, Int32) {
        let deadline = SystemClock.monotonicNanoseconds() + 60 * second
        while true {
            if let found = try companion(of: pool), found.pid != old { return found }
            try #require(SystemClock.monotonicNanoseconds() < deadline)
            _ = Semaphore(permits: 0).wait(nanoseconds: 5_000_000)
        }
    }

    @Test func `the companion of the workers is the last to be told`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 companion")
        #expect(try waitForCompanion(of: pool).0 == "1")
        #expect(try pool.command("stop") == "ok: stopping\n")
        for _ in 0..<2 { try pool.wait(for: "closing caches") }
        try pool.wait(for: "the last task is done")
        #expect(try pool.end() == .exited(0))
        try pool.waitUntilGone("companion")
    }

    @Test func `a companion that dies is replaced, and a reload replaces it as well`() throws {
        let pool = try RunningPool.serving(plan: "companion")
        let first = try waitForCompanion(of: pool)
        ChildProcess.send(.kill, to: first.1)
        try pool.wait(for: "companion died")
        let second = try waitForCompanion(of: pool, otherThan: first.1)
        #expect(second.0 == "1")
        #expect(try pool.command("reload").hasPrefix("ok: "))
        let third = try waitForCompanion(of: pool, otherThan: second.1)
        #expect(third.0 == "2")
        pool.send(.terminate)
        #expect(try pool.end() == .exited(0))
    }

    @Test func `a companion that was stopped is noticed and replaced`() throws {
        let pool = try RunningPool.serving(plan: "companion")
        let first = try waitForCompanion(of: pool)
        #expect(try Shell.run("kill -STOP \(first.1)").end == .exited(0))
        let second = try waitForCompanion(of: pool, otherThan: first.1)
        #expect(second.0 == "1")
        try pool.wait(for: "companion is silent")
        try pool.wait(for: "companion died")
        pool.send(.terminate)
        #expect(try pool.end() == .exited(0))
    }

    @Test func `workers serve without a companion that cannot start`() throws {
        let pool = try RunningPool.serving(plan: "companion companion-fails")
        try pool.wait(for: "companion cannot start")
        try pool.wait(for: "the plan says so")
        try pool.wait(for: "companion died")
        #expect(try pool.ask() != nil)
        pool.send(.terminate)
        #expect(try pool.end() == .exited(0))
    }

    @Test func `a companion that hangs at its end is ended by a second signal`() throws {
        let pool = try RunningPool.serving(plan: "companion companion-hangs")
        _ = try waitForCompanion(of: pool)
        pool.send(.terminate)
        let deadline = SystemClock.monotonicNanoseconds() + 20 * second
        while try !pool.command("status").contains("draining\n") {
            try #require(SystemClock.monotonicNanoseconds() < deadline)
        }
        try pool.wait(for: "closing caches")
        let start = SystemClock.monotonicNanoseconds()
        // The first may come before the end of the worker has been noted.
        while (try? pool.command("stop")) != nil {
            try #require(SystemClock.monotonicNanoseconds() < start + 8 * second)
        }
        #expect(try pool.end() == .exited(0))
        try pool.waitUntilGone("companion")
    }

    // MARK: - Signals

    @Test func `signals in great number cut no upload and no download`() throws {
        let pool = try RunningPool.serving(plan: "workers=1")
        let worker = try #require(try pool.ask())
        // Those that end nobody: 1, 2, 3 and 15 are read and answered by an end, 9 and 19 cannot be blocked.
        let storm = """
            import os, sys, time
            end = time.monotonic() + 60
            while time.monotonic() < end and os.getppid() == int(sys.argv[2]):
                for number in (10, 12, 13, 14, 17, 18, 23, 28, 34, 40):
                    os.kill(int(sys.argv[1]), number)
            """
        let output = try Files.inMemory([])
        let sender = try ChildProcess.spawn(
            path: "/usr/bin/python3",
            arguments: ["python3", "-c", storm, "\(worker)", "\(ThisProcess.id)"],
            environment: [],
            descriptors: [nil, output.number, output.number]
        )
        defer {
            ChildProcess.send(.kill, to: sender)
            _ = try? ChildProcess.wait(for: sender)
        }
        let body = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let client = try pool.connect()
        for round in 0..<100 {
            let part = Array(body.prefix(round.isMultiple(of: 2) ? body.count : 50_000 + round))
            let request = FastCGIRecord.request([("REQUEST_URI", "/echo")], body: part, keep: true)
            let isWhole = try client.exchange(request)?.output == part
            #expect(isWhole)
        }
        #expect(try pool.ask() == worker)
    }

    @Test func `a request is not to blame for workers that somebody kills, for a while`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 counts-crashes")
        let parameters = [("REQUEST_URI", "/killed"), ("REQUEST_ID", "00d069f9f7b8b8cd28ee7e96c284a367")]
        func isAnswered() -> Bool {
            (try? pool.connect().exchange(FastCGIRecord.request(parameters, keep: false))?.text) != nil
        }
        var kills = 0
        while !isAnswered(), kills < 9 {
            kills += 1
            try pool.wait(for: "worker died")
        }
        #expect(kills == 4)
    }

    @Test func `a request takes two workers with it and is then refused, and others are served`() throws {
        let pool = try RunningPool.serving(plan: "workers=2 counts-crashes")
        func poison() throws -> String? {
            let parameters = [("REQUEST_URI", "/poison"), ("REQUEST_ID", "00d069f9f7b8b8cd28ee7e96c284a367")]
            // Where a worker dies the connection ends without an answer; a web server tries at once.
            return try? pool.connect().exchange(FastCGIRecord.request(parameters, keep: false))?.text
        }
        var tries = 0
        var answer: String?
        while answer?.contains("refused") != true, tries < 5 {
            tries += 1
            answer = try poison()
        }
        #expect(tries == 3)
        for _ in 0..<2 { try pool.wait(for: "worker died") }
        #expect(try pool.ask() != nil)
    }
}
